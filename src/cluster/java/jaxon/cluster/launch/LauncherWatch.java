package jaxon.cluster.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Hears from the launcher in a launched process: ends it when the launcher is gone, whatever it is
/// doing, and tells of other launched processes that have failed.
///
/// The launcher holds the other end of the standard input and writes a line for a process that has
/// failed, nothing else. The system closes the pipe when the launcher ends, also by SIGKILL, and
/// unlike a parent's process id a pipe cannot be mistaken for another one. So nothing else in a
/// launched process may read the standard input.
public final class LauncherWatch {
  private static final String PROPERTY = "jaxon.launched";
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int EXIT_CODE = 143;

  private static final List<FailedProcess> FAILED = new ArrayList<>();
  private static final List<Consumer<FailedProcess>> LISTENERS = new ArrayList<>();

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

  /// Has `listener` called for each other process that fails, also those that have, for as long as
  /// this process lives; it must return soon.
  public static void onFailure(Consumer<FailedProcess> listener) {
    List<FailedProcess> before;
    synchronized (LISTENERS) {
      LISTENERS.add(listener);
      before = List.copyOf(FAILED);
    }
    before.forEach(listener);
  }

  private static void tell(FailedProcess failed) {
    List<Consumer<FailedProcess>> told;
    synchronized (LISTENERS) {
      FAILED.add(failed);
      told = List.copyOf(LISTENERS);
    }
    told.forEach(listener -> listener.accept(failed));
  }

  private static void watch(InputStream pipe) {
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(pipe, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        FailedProcess.read(line).ifPresent(LauncherWatch::tell);
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
