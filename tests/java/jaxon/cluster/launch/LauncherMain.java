package jaxon.cluster.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A launcher that can be killed: runs each argument with the shell, or `watched` as a JVM.
public final class LauncherMain {
  private LauncherMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    LauncherWatch.startIfLaunched();
    List<List<String>> commands = new ArrayList<>();
    for (String command : args) {
      commands.add(
          command.equals("watched")
              ? jaxon.cluster.ChildJvm.command(WatchedMain.class)
              : List.of("/bin/sh", "-c", command));
    }
    Patience patience =
        new Patience(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1));
    System.exit(new Launcher(commands, 0, patience, System.out, System.err).run());
  }
}
