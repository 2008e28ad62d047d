package jaxon.collective.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;

/// A media driver in this process, which moves packets for the ranks of this host.
///
/// Whoever waits for packets moves them: a rank of this process that waits in a collective turns
/// the driver itself ([#turn]), so that what arrives is handled on the core that wants it and no
/// other thread has to be woken. A thread of the driver's own turns it while no rank does, which is
/// what keeps connections alive, and carries what other processes send through it, while this one
/// computes.
///
/// Its directory is deleted when it closes, and whatever a dead driver left there when it starts.
public final class AeronDriver implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AeronDriver.class.getName());
  private static final Map<Path, AeronDriver> HERE = new ConcurrentHashMap<>();
  private static final int SPINS = 10;
  private static final int YIELDS = 10;
  private static final long LEAST_PARK = TimeUnit.MICROSECONDS.toNanos(1);

  /// The longest sleep of the driver's own thread where packets come from a network, and how often
  /// it looks whether ranks still turn it.
  private static final long MOST_PARK = TimeUnit.MICROSECONDS.toNanos(500);

  /// The same over shared memory, and the shortest sleep. There the driver only says how far a
  /// stream may be written, for which ranks that wait for each other turn it themselves; each look
  /// of its own thread would take the core from a thread that computes.
  private static final long MEMORY_MOST_PARK = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long MEMORY_LEAST_PARK = TimeUnit.MICROSECONDS.toNanos(250);

  private final Path directory;
  private final MediaDriver driver;
  private final AgentInvoker invoker;
  private final AtomicBoolean turning = new AtomicBoolean();
  private final Thread thread;
  private final boolean isMemory;
  private final AtomicLong turns = new AtomicLong();
  private volatile boolean closed;

  private AeronDriver(AeronSettings settings, MediaDriver driver) {
    this.directory = settings.directory();
    this.isMemory = settings.medium() == AeronSettings.Medium.IPC;
    this.driver = driver;
    this.invoker = driver.sharedAgentInvoker();
    invoker.start();
    this.thread = Thread.ofPlatform().daemon().name("jaxon-aeron-driver").unstarted(this::work);
  }

  /// Starts a driver for ranks with the same settings.
  public static AeronDriver launch(AeronSettings settings) {
    return launch(settings, UnaryOperator.identity());
  }

  static AeronDriver launch(AeronSettings settings, UnaryOperator<MediaDriver.Context> adjustment) {
    MediaDriver media = MediaDriver.launch(adjustment.apply(context(settings)));
    AeronDriver driver = new AeronDriver(settings, media);
    HERE.put(driver.directory, driver);
    driver.thread.start();
    return driver;
  }

  private static MediaDriver.Context context(AeronSettings settings) {
    long liveness = settings.liveness().toNanos();
    return new MediaDriver.Context()
        .aeronDirectoryName(settings.directory().toString())
        .dirDeleteOnStart(true)
        .dirDeleteOnShutdown(true)
        .warnIfDirectoryExists(false)
        .threadingMode(ThreadingMode.INVOKER)
        // A thread that looks up names for the driver, which is told addresses only, and polls.
        .asyncExecutorEnabled(false)
        .termBufferSparseFile(true)
        .performStorageChecks(true)
        .mtuLength(settings.mtu())
        .ipcMtuLength(settings.mtu())
        .initialWindowLength(AeronSettings.WINDOW)
        .socketRcvbufLength(AeronSettings.WINDOW)
        .socketSndbufLength(AeronSettings.WINDOW)
        .clientLivenessTimeoutNs(liveness)
        .imageLivenessTimeoutNs(liveness)
        .publicationUnblockTimeoutNs(2 * liveness)
        // Aeron's own handlers print, or end the process.
        .terminationHook(() -> {})
        .errorHandler(e -> LOG.log(Level.WARNING, "Aeron media driver: " + e));
  }

  /// The driver that runs in this process with that directory, if one does.
  static Optional<AeronDriver> at(Path directory) {
    return Optional.ofNullable(HERE.get(directory));
  }

  /// Does what the driver has to do now, on the calling thread, and says how much that was: nothing
  /// if another thread is at it.
  int turn() {
    return turn(1);
  }

  private int turn(int counted) {
    if (!turning.compareAndSet(false, true)) {
      return 0;
    }
    try {
      turns.lazySet(turns.getPlain() + counted);
      return closed ? 0 : invoker.invoke();
    } finally {
      turning.set(false);
    }
  }

  /// The driver's own thread shall look at once whether there is something to do: ranks of this
  /// process have turned it, and go on with something else.
  void handOver() {
    LockSupport.unpark(thread);
  }

  private void work() {
    long mostPark = isMemory ? MEMORY_MOST_PARK : MOST_PARK;
    BackoffIdleStrategy idle =
        isMemory
            ? new BackoffIdleStrategy(0, 0, MEMORY_LEAST_PARK, mostPark)
            : new BackoffIdleStrategy(SPINS, YIELDS, LEAST_PARK, mostPark);
    long seen = 0;
    while (!closed) {
      long now = turns.get();
      if (now == seen) {
        idle.idle(turn(0));
      } else {
        seen = now;
        idle.reset();
        LockSupport.parkNanos(this, mostPark);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    HERE.remove(directory, this);
    LockSupport.unpark(thread);
    while (!turning.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
    driver.close();
  }
}
