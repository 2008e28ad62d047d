package jaxon.cluster.launch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/// Ends a process whose launcher is gone, whatever it is doing.
///
/// The launcher holds the other end of the standard input and writes nothing. The system closes the
/// pipe when the launcher ends, also by SIGKILL, and unlike a parent's process id a pipe cannot be
/// mistaken for another one. So nothing else in a launched process may read the standard input.
public final class LauncherWatch {
  private static final String PROPERTY = "jaxon.launched";
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int EXIT_CODE = 143;

  private LauncherWatch() {}

  /// The option that makes a JVM watch its launcher.
  public static List<String> jvmOptions() {
    return List.of("-D" + PROPERTY + "=true");
  }

  /// Starts watching, in a process that was launched.
  public static void startIfLaunched() {
    if (Boolean.getBoolean(PROPERTY)) {
      Thread.ofPlatform().daemon().name("launcher-watch").start(() -> watch(System.in));
    }
  }

  private static void watch(InputStream pipe) {
    try {
      while (pipe.read() >= 0) {
        // Nothing is said to us.
      }
    } catch (IOException e) {
      System.getLogger("jaxon.cluster.launch").log(System.Logger.Level.DEBUG, "pipe broke", e);
    }
    // An orderly end as after SIGTERM, for a time; nobody is left to send SIGKILL.
    Thread.ofPlatform().daemon().name("launcher-watch-exit").start(() -> System.exit(EXIT_CODE));
    try {
      Thread.sleep(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
