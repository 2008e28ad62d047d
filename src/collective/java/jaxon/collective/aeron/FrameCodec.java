package jaxon.collective.aeron;

import static jaxon.collective.reduce.NativeMemory.ALL;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import jaxon.collective.CallHeader;
import jaxon.collective.CollectiveKind;
import jaxon.collective.Reduction;
import jaxon.collective.algorithm.Frame;
import jaxon.collective.reduce.NativeMemory;
import jaxon.graph.type.DType;

/// Frames as bytes: a header of 64 bytes, then the payload. Little-endian, as all machines are that
/// this runs on.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 4 | magic |
/// | 4 | 4 | CRC32C of all that follows, 0 if there is none |
/// | 8 | 32 | epoch, group, sequence, count |
/// | 40 | 8 | detail, part |
/// | 48 | 3 | kind, reduction + 1 or 0, dtype |
/// | 51 | 13 | zero |
final class FrameCodec {
  static final int HEADER = 64;

  private static final int MAGIC = 0x4A58_4331;
  private static final int CHECKED_FROM = 8;
  private static final List<CollectiveKind> KINDS = List.of(CollectiveKind.values());
  private static final List<Reduction> REDUCTIONS = List.of(Reduction.values());
  private static final List<DType> DTYPES = List.of(DType.values());
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private FrameCodec() {}

  /// Writes a frame with the payload at `source` to `target`.
  static void write(long target, Frame frame, long source, int length, boolean checksum) {
    CallHeader header = frame.header();
    ALL.set(INT, target, MAGIC);
    ALL.set(LONG, target + 8, frame.epoch());
    ALL.set(LONG, target + 16, frame.group());
    ALL.set(LONG, target + 24, frame.sequence());
    ALL.set(LONG, target + 32, header.count());
    ALL.set(INT, target + 40, header.detail());
    ALL.set(INT, target + 44, frame.part());
    Reduction reduction = header.reduction();
    put(target + 48, KINDS.indexOf(header.kind()));
    put(target + 49, reduction == null ? 0 : REDUCTIONS.indexOf(reduction) + 1);
    put(target + 50, DTYPES.indexOf(header.dtype()));
    NativeMemory.zero(target + 51, HEADER - 51);
    NativeMemory.copy(source, target + HEADER, length);
    ALL.set(INT, target + 4, checksum ? crc(target, HEADER + length) : 0);
  }

  /// The frame at `address`, if `length` bytes there are one.
  static Optional<Frame> read(long address, int length) {
    if (length < HEADER || ALL.get(INT, address) != MAGIC) {
      return Optional.empty();
    }
    int kind = get(address + 48);
    int reduction = get(address + 49);
    int dtype = get(address + 50);
    if (kind >= KINDS.size() || reduction > REDUCTIONS.size() || dtype >= DTYPES.size()) {
      return Optional.empty();
    }
    CallHeader header =
        new CallHeader(
            KINDS.get(kind),
            reduction == 0 ? null : REDUCTIONS.get(reduction - 1),
            DTYPES.get(dtype),
            ALL.get(LONG, address + 32),
            ALL.get(INT, address + 40));
    return Optional.of(
        new Frame(
            ALL.get(LONG, address + 8),
            ALL.get(LONG, address + 16),
            ALL.get(LONG, address + 24),
            header,
            ALL.get(INT, address + 44)));
  }

  /// Whether a frame has the checksum that it must have.
  static boolean isIntact(long address, int length) {
    return ALL.get(INT, address + 4) == crc(address, length);
  }

  private static int crc(long address, int length) {
    CRC32C crc = new CRC32C();
    crc.update(NativeMemory.buffer(address + CHECKED_FROM, length - CHECKED_FROM));
    return (int) crc.getValue();
  }

  private static void put(long address, int value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
  }

  private static int get(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xFF;
  }
}
