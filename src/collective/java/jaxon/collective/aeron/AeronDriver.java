package jaxon.collective.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.BackoffIdleStrategy;

/// A media driver in this process: one thread that moves packets for the ranks of this host.
///
/// Its directory is deleted when it closes, and whatever a dead driver left there when it starts.
public final class AeronDriver implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AeronDriver.class.getName());
  private static final int SPINS = 20;
  private static final int YIELDS = 50;
  private static final long LEAST_PARK = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long MOST_PARK = TimeUnit.MICROSECONDS.toNanos(100);

  private final MediaDriver driver;

  private AeronDriver(MediaDriver driver) {
    this.driver = driver;
  }

  /// Starts a driver for ranks with the same settings.
  public static AeronDriver launch(AeronSettings settings) {
    return launch(settings, UnaryOperator.identity());
  }

  static AeronDriver launch(AeronSettings settings, UnaryOperator<MediaDriver.Context> adjustment) {
    long liveness = settings.liveness().toNanos();
    MediaDriver.Context context =
        new MediaDriver.Context()
            .aeronDirectoryName(settings.directory().toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .warnIfDirectoryExists(false)
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(new BackoffIdleStrategy(SPINS, YIELDS, LEAST_PARK, MOST_PARK))
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
    return new AeronDriver(MediaDriver.launch(adjustment.apply(context)));
  }

  @Override
  public void close() {
    driver.close();
  }
}
