package jaxon.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jaxon.cluster.launch.LauncherWatch;

/// A JVM of its own that runs a main class of the tests, and ends with this one at the latest.
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new ArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().start(this::read);
  }

  /// Starts a main class, which calls [LauncherWatch#startIfLaunched].
  public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    List<String> command = command(main);
    command.addAll(List.of(arguments));
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /// The command line of a JVM with a small, quick configuration.
  public static List<String> command(Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(LauncherWatch.jvmOptions());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      in.lines().forEach(this::add);
    } catch (IOException | UncheckedIOException e) {
      add("(output ended: " + e + ")");
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  /// A line that starts with `start` and was not asked for before, within some seconds.
  public synchronized Optional<String> line(String start, int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      Optional<String> found = lines.stream().filter(line -> line.startsWith(start)).findFirst();
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (found.isPresent() || left <= 0) {
        found.ifPresent(lines::remove);
        return found;
      }
      wait(left);
    }
  }

  public Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
