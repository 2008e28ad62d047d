package jaxon.collective.aeron;

import java.nio.file.Path;
import java.time.Duration;

/// How ranks reach each other through Aeron.
///
/// @param directory the media driver's, in shared memory (`/dev/shm/…`) for speed; one for each
///   host
/// @param mtu the most bytes of a packet: 65,504 where packets stay on the host, 8,192 on networks
///   with jumbo frames, 1,408 on others
/// @param logBytes memory for the streams of a rank to all others, at most; see [#termLength]
/// @param checksum whether frames carry a CRC32C that the receiver checks; the same on all ranks
/// @param liveness after this silence a process counts as dead; pauses must be shorter
public record AeronSettings(
    Medium medium, Path directory, int mtu, long logBytes, boolean checksum, Duration liveness) {

  /// What carries packets.
  public enum Medium {
    /// Shared memory; all ranks use one driver.
    IPC,
    /// The network.
    UDP
  }

  /// Aeron's own limit, which fits a UDP packet.
  public static final int LARGEST_MTU = 65_504;

  /// What a receiver may be sent before it has said that it is ready, and the socket's buffers:
  /// Linux allows 4 MiB without other settings (`net.core.rmem_max`, where it was raised to that).
  static final int WINDOW = 4 << 20;

  private static final long LOG_BYTES = 1L << 30;
  private static final int TERMS = 3;
  private static final int LONGEST_TERM = 16 << 20;

  /// On one host a receiver is never far behind. A stream's terms are written and cleared in turn,
  /// so short ones stay in the cache. It is also the shortest term: it must hold eight packets.
  private static final int LOCAL_TERM = 1 << 20;

  private static final Duration LIVENESS = Duration.ofSeconds(12);

  public AeronSettings {
    if (mtu > LARGEST_MTU || mtu < 1408 || mtu % 32 != 0) {
      throw new IllegalArgumentException(
          "mtu must be a multiple of 32 from 1408 to %d, got %d".formatted(LARGEST_MTU, mtu));
    }
  }

  /// Shared memory of one host.
  public static AeronSettings ipc(Path directory) {
    return new AeronSettings(Medium.IPC, directory, LARGEST_MTU, LOG_BYTES, false, LIVENESS);
  }

  /// A network whose packets have at most `mtu` bytes. Packets of [#LARGEST_MTU] stay on the host;
  /// these have no checksum, as memory has none.
  public static AeronSettings udp(Path directory, int mtu) {
    return new AeronSettings(Medium.UDP, directory, mtu, LOG_BYTES, mtu < LARGEST_MTU, LIVENESS);
  }

  public AeronSettings withLogBytes(long bytes) {
    return new AeronSettings(medium, directory, mtu, bytes, checksum, liveness);
  }

  public AeronSettings withChecksum(boolean wanted) {
    return new AeronSettings(medium, directory, mtu, logBytes, wanted, liveness);
  }

  public AeronSettings withLiveness(Duration silence) {
    return new AeronSettings(medium, directory, mtu, logBytes, checksum, silence);
  }

  private boolean staysOnHost() {
    return medium == Medium.IPC || mtu == LARGEST_MTU;
  }

  /// Bytes of a term of the stream to each of `peers`; a stream keeps three terms. The more peers,
  /// the shorter, so that all streams of a rank fit [#logBytes].
  int termLength(int peers) {
    long each = logBytes / TERMS / Math.max(1, peers);
    int longest = staysOnHost() ? LOCAL_TERM : LONGEST_TERM;
    return Math.clamp(Long.highestOneBit(Math.max(1, each)), LOCAL_TERM, longest);
  }
}
