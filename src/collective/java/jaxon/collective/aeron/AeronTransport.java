package jaxon.collective.aeron;

import io.aeron.Aeron;
import io.aeron.exceptions.AeronException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveTimeoutException;
import jaxon.collective.algorithm.Frame;
import jaxon.collective.algorithm.Transport;
import org.jspecify.annotations.Nullable;

/// A rank's streams to and from all others, over Aeron.
public final class AeronTransport implements Transport {
  private static final long SPIN_NANOS = 2_000;
  private static final long YIELD_NANOS = 150_000;

  /// A rank often waits beside a thread that computes on the same core, from which each look around
  /// takes it away.
  private static final long MOST_PARK = 1_000_000;

  /// A yield that takes longer has let somebody else run.
  private static final long SHARED_NANOS = 2_000;

  /// After so many of them it sleeps for a moment, at whose end the system looks for an idle core.
  /// Two ranks that only ever yield to each other are left on one core, even beside an idle one.
  private static final int SHARED_YIELDS = 200;

  /// Turns of the driver in which what was offered last can leave, if the receiver is ready.
  private static final int HAND_OVER_TURNS = 50;

  private static final long CONTROL_PARK = 200_000;

  /// How often a rank whose streams have ended looks whether its own client has.
  private static final int END_LOOKS = 50;

  /// How long a rank that is done stays for those that are not yet: what they have not received may
  /// have to be sent again.
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private static final Duration ABORTED_FAREWELL = Duration.ofMillis(200);

  private final int rank;
  private final int size;
  private final int maxPayload;
  private final ClientErrors errors;
  private final Optional<AeronDriver> driver;
  private final boolean sendsAtOnce;
  private final Aeron aeron;
  private final List<@Nullable AeronPeer> peers = new ArrayList<>();
  private volatile boolean aborted;
  private boolean closed;
  private long waitingSince;
  private int sharedYields;

  private AeronTransport(AeronSettings settings, int rank, List<String> endpoints, long epoch) {
    this.rank = rank;
    this.size = endpoints.size();
    this.errors = new ClientErrors(rank, settings);
    this.driver = AeronDriver.at(settings.directory());
    this.sendsAtOnce = driver.isPresent() && settings.medium() == AeronSettings.Medium.UDP;
    Aeron.Context context =
        new Aeron.Context()
            .aeronDirectoryName(settings.directory().toString())
            .clientName("jaxon-rank-" + rank)
            .driverTimeoutMs(settings.liveness().toMillis())
            // Aeron's own handlers print, and end the process if the driver dies.
            .errorHandler(errors)
            .subscriberErrorHandler(errors);
    this.aeron = Aeron.connect(context);
    try {
      AeronChannels channels = new AeronChannels(settings, endpoints);
      for (int peer = 0; peer < size; peer++) {
        peers.add(
            peer == rank
                ? null
                : new AeronPeer(aeron, channels, rank, peer, epoch, settings.checksum()));
      }
    } catch (RuntimeException | Error e) {
      aeron.close();
      throw e;
    }
    this.maxPayload = others().map(r -> peer(r).maxPayload()).min().orElse(FrameCodec.HEADER);
  }

  /// Connects rank `rank` with all others and returns when all can be reached both ways.
  ///
  /// @param endpoints `host:port` of each rank, for UDP; over IPC only their number matters
  /// @param epoch a number that no other run with the same driver or addresses has
  /// @throws CollectiveTimeoutException if some cannot be reached within `timeout`
  /// @throws CollectiveException if there is no media driver, or it refuses an address
  public static AeronTransport connect(
      AeronSettings settings, int rank, List<String> endpoints, long epoch, Duration timeout) {
    AeronTransport transport;
    try {
      transport = new AeronTransport(settings, rank, endpoints, epoch);
    } catch (AeronException e) {
      String message =
          "rank %d: the media driver in %s does not answer or refuses %s: %s"
              .formatted(rank, settings.directory(), endpoints, e.getMessage());
      throw new CollectiveException(message, CollectiveException.NO_PEER, e);
    }
    try {
      transport.awaitPeers(timeout, endpoints);
      return transport;
    } catch (RuntimeException | Error e) {
      transport.aeron.close();
      throw e;
    }
  }

  private void awaitPeers(Duration timeout, List<String> endpoints) {
    long start = System.nanoTime();
    while (!all(AeronPeer::isConnected)) {
      if (System.nanoTime() - start > timeout.toNanos()) {
        List<Integer> missing = others().filter(r -> !peer(r).isConnected()).boxed().toList();
        throw new CollectiveTimeoutException(
            "rank %d waited %.1f s for ranks %s at %s; are they started, with the same addresses?"
                .formatted(
                    rank,
                    timeout.toMillis() / 1e3,
                    missing,
                    missing.stream().map(endpoints::get).toList()),
            missing.isEmpty() ? CollectiveException.NO_PEER : missing.getFirst(),
            errors.end());
      }
      LockSupport.parkNanos(this, CONTROL_PARK);
    }
  }

  private AeronPeer peer(int other) {
    AeronPeer peer = peers.get(other);
    if (peer == null) {
      throw new IllegalArgumentException("rank " + other + " has no stream to itself");
    }
    return peer;
  }

  private IntStream others() {
    return IntStream.range(0, size).filter(r -> r != rank);
  }

  private boolean all(Predicate<AeronPeer> wanted) {
    return others().mapToObj(this::peer).allMatch(wanted);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int maxPayload() {
    return maxPayload;
  }

  @Override
  public boolean offer(int peer, Frame frame, long address, int length) {
    boolean taken = peer(peer).offer(frame, address, length);
    if (taken && sendsAtOnce) {
      // While the frame is in the cache, and so that nobody waits for it while this rank goes on.
      turnDriver();
    }
    return taken;
  }

  @Override
  public int poll(int peer, FrameHandler handler) {
    return peer(peer).poll(handler);
  }

  private int turnDriver() {
    return driver.isPresent() ? driver.get().turn() : 0;
  }

  /// Turns the driver if it is here. If that does nothing it spins, then yields the core, and soon,
  /// by the clock, sleeps longer and longer, up to 1 ms but never for more than an eighth of what
  /// it has waited: another thread that wants the core keeps it for milliseconds each time it is
  /// yielded.
  @Override
  // Only for speed: with a scheduler that ignores it, ranks wait as long as without.
  @SuppressWarnings("ThreadPriorityCheck")
  public void idle(int turns) {
    long now = System.nanoTime();
    if (turns == 0) {
      waitingSince = now;
    }
    if (turnDriver() > 0) {
      return;
    }
    long waited = now - waitingSince;
    if (waited < SPIN_NANOS) {
      Thread.onSpinWait();
    } else if (waited < YIELD_NANOS) {
      Thread.yield();
      sharedYields += System.nanoTime() - now > SHARED_NANOS ? 1 : 0;
      if (sharedYields == SHARED_YIELDS) {
        sharedYields = 0;
        LockSupport.parkNanos(this, 1);
      }
    } else {
      LockSupport.parkNanos(this, Math.min(MOST_PARK, waited / 8));
    }
  }

  @Override
  public void handOver() {
    if (sendsAtOnce) {
      int tries = 0;
      while (tries++ < HAND_OVER_TURNS && !all(AeronPeer::hasSentAll)) {
        turnDriver();
      }
    } else if (size > 2) {
      // With two there is nobody left who could wait for the driver.
      driver.ifPresent(AeronDriver::handOver);
    }
  }

  @Override
  public Optional<Failure> failure() {
    if (hasEnded()) {
      return Optional.of(new Failure(CollectiveException.NO_PEER, true, errors.reason()));
    }
    pollControl();
    Optional<Failure> told =
        others()
            .mapToObj(r -> peer(r).abortReason().map(reason -> new Failure(r, false, reason)))
            .flatMap(Optional::stream)
            .findFirst();
    return told.or(() ->
        others()
            .filter(r -> peer(r).isGone() && !peer(r).hasClosed())
            .mapToObj(this::goneOrEnded)
            .findFirst());
  }

  /// A client that ends lets go of all streams first and says why a moment later: then nobody else
  /// is to blame.
  private Failure goneOrEnded(int peer) {
    for (int i = 0; i < END_LOOKS && !hasEnded(); i++) {
      LockSupport.parkNanos(this, CONTROL_PARK);
    }
    return hasEnded()
        ? new Failure(CollectiveException.NO_PEER, true, errors.reason())
        : new Failure(peer, true, "its stream has ended without a farewell");
  }

  private boolean hasEnded() {
    return errors.end() != null || aeron.isClosed();
  }

  private void pollControl() {
    others().forEach(r -> peer(r).pollControl());
  }

  @Override
  public boolean hasClosed(int peer) {
    return peer(peer).hasClosed();
  }

  @Override
  public void abort(String reason) {
    if (!aborted && !aeron.isClosed()) {
      aborted = true;
      others().forEach(r -> peer(r).tell(new ControlCodec.Control(true, reason)));
    }
  }

  /// Says farewell, and waits a little until all others have too or are gone.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!aeron.isClosed()) {
      others().forEach(r -> peer(r).tell(new ControlCodec.Control(false, "")));
      long wait = (aborted ? ABORTED_FAREWELL : FAREWELL).toNanos();
      long start = System.nanoTime();
      while (!aeron.isClosed()
          && !all(p -> p.hasClosed() || p.isGone() || p.abortReason().isPresent())
          && System.nanoTime() - start < wait) {
        pollControl();
        LockSupport.parkNanos(this, CONTROL_PARK);
      }
    }
    aeron.close();
  }

  /// Ends as a killed process does: without a word.
  void kill() {
    closed = true;
    aeron.close();
  }
}
