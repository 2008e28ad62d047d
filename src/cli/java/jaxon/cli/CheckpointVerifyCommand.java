package jaxon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import jaxon.checkpoint.CheckpointPath;
import jaxon.config.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon checkpoint verify`: reads every byte. Exit code 1 if anything is damaged.
@Command(
    name = "verify",
    description = "Reads checkpoints whole and checks every byte; exit code 1 if one is damaged.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckpointVerifyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description = "A checkpoint, a directory of checkpoints or a run's directory.")
  private Place path;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  CheckpointVerifyCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CheckpointPath found = CheckpointPath.of(path);
    int damaged = 0;
    for (long step : found.steps()) {
      List<String> problems = found.store().verify(step);
      out.println(step + ": " + (problems.isEmpty() ? "intact" : "DAMAGED"));
      problems.forEach(problem -> out.println("  " + problem));
      damaged += problems.isEmpty() ? 0 : 1;
    }
    out.flush();
    return damaged == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
