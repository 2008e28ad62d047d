package jaxon.cluster.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs several processes as one: their lines together, one exit code, no orphans.
///
/// SIGINT and SIGTERM, which start the shutdown of this JVM, are handed on as SIGTERM (a terminal
/// sends SIGINT to all processes by itself); this JVM then ends with 130 or 143 when all have
/// ended.
///
/// When one fails, the others are told by a line on their standard input ([LauncherWatch]).
public final class Launcher {
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  private record Exit(int process, int code) {}

  private final List<List<String>> commands;
  private final int firstProcess;
  private final Patience patience;
  private final PrintStream out;
  private final PrintStream err;
  private final RepeatedLines repeated = new RepeatedLines();
  private final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<Thread> pumps = new ArrayList<>();
  private final CountDownLatch allEnded = new CountDownLatch(1);
  private volatile boolean stopping;
  private Runnable cleanUp = () -> {};

  /// @param commands one for each process
  /// @param firstProcess number of the first of them
  public Launcher(
      List<List<String>> commands,
      int firstProcess,
      Patience patience,
      PrintStream out,
      PrintStream err) {
    this.commands = List.copyOf(commands);
    this.firstProcess = firstProcess;
    this.patience = patience;
    this.out = out;
    this.err = err;
  }

  /// Has `action` done when all have ended: removes what killed processes could not.
  ///
  /// @return this
  public Launcher cleaningUp(Runnable action) {
    cleanUp = action;
    return this;
  }

  /// Runs all processes to their end.
  ///
  /// @return 0 if all succeeded, or the exit code of the first that failed
  /// @throws IOException if one cannot be started
  public int run() throws IOException, InterruptedException {
    Thread hook = new Thread(this::onShutdown, "launcher-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      startAll();
      return collect();
    } finally {
      kill();
      try {
        cleanUp.run();
      } finally {
        allEnded.countDown();
        removeHook(hook);
      }
    }
  }

  private void removeHook(Thread hook) {
    if (!stopping) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // A signal came just now; the hook will find that all have ended.
        System.getLogger("jaxon.cluster.launch").log(System.Logger.Level.DEBUG, "stopping", e);
      }
    }
  }

  private void startAll() throws IOException {
    for (int i = 0; i < commands.size(); i++) {
      synchronized (this) {
        // From here on the hook knows all that run.
        if (stopping) {
          return;
        }
        start(firstProcess + i, commands.get(i));
      }
    }
  }

  private void start(int number, List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    String prefix = "[" + number + "] ";
    pump(new LinePump(process.getInputStream(), out, prefix, _ -> true), number);
    pump(
        new LinePump(process.getErrorStream(), err, prefix, line -> repeated.isNew(number, line)),
        number);
    Thread.ofPlatform()
        .daemon()
        .name("process-" + number)
        .start(() -> {
          int code = process.onExit().join().exitValue();
          exits.add(new Exit(number, code));
        });
  }

  private void pump(LinePump lines, int number) {
    pumps.add(Thread.ofPlatform().daemon().name("lines-" + number).start(lines));
  }

  private int collect() throws InterruptedException {
    int running = processes.size();
    @Nullable Exit first = null;
    while (running > 0) {
      Exit exit = exits.take();
      running--;
      if (exit.code() != 0 && first == null && !stopping) {
        first = exit;
        tellFailure(exit);
      }
    }
    awaitLastLines();
    return first == null ? 0 : first.code();
  }

  private void tellFailure(Exit exit) {
    FailedProcess failed = new FailedProcess(exit.process(), exit.code());
    // A mistake in how the run was started is told by the process, and enough.
    if (!failed.isUsage()) {
      say("launch: " + failed.describe());
    }
    tellOthers(failed);
    Thread.ofPlatform().daemon().name("launcher-grace").start(this::stopAfterFailure);
  }

  /// The others may still be on their way to meet the one that failed, and would wait for it.
  private void tellOthers(FailedProcess failed) {
    for (Process process : running()) {
      try {
        OutputStream pipe = process.getOutputStream();
        pipe.write(failed.line());
        pipe.flush();
      } catch (IOException e) {
        // It has just ended, too, or does not listen.
        System.getLogger("jaxon.cluster.launch").log(System.Logger.Level.DEBUG, "not told", e);
      }
    }
  }

  /// Time for the others to tell their own error, then SIGTERM, then SIGKILL.
  private void stopAfterFailure() {
    if (!endsWithin(patience.afterFailure()) && !stopping) {
      say("launch: stopping what still runs");
      terminate();
      if (!endsWithin(patience.afterTerm())) {
        kill();
      }
    }
  }

  private void onShutdown() {
    synchronized (this) {
      stopping = true;
    }
    terminate();
    if (!endsWithin(patience.afterSignal())) {
      say(
          "launch: processes still run after %d s; killing them"
              .formatted(patience.afterSignal().toSeconds()));
      kill();
      endsWithin(patience.afterTerm());
    }
  }

  private boolean endsWithin(Duration time) {
    try {
      return allEnded.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Not [Process#destroy], which would close the pipes and lose what the process says last.
  private void terminate() {
    running().forEach(process -> process.toHandle().destroy());
  }

  private void kill() {
    running().forEach(process -> process.toHandle().destroyForcibly());
  }

  private synchronized List<Process> running() {
    return processes.stream().filter(Process::isAlive).toList();
  }

  /// A process that one of them started may hold its output open for ever.
  private void awaitLastLines() throws InterruptedException {
    for (Thread pump : pumps) {
      pump.join(LAST_LINES);
    }
  }

  private void say(String text) {
    synchronized (err) {
      err.println(text);
      err.flush();
    }
  }
}
