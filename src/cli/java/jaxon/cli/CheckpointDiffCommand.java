package jaxon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import jaxon.checkpoint.CheckpointDiff;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.TensorReader;
import jaxon.config.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon checkpoint diff`: how two checkpoints differ. Exit code 1 if they do.
@Command(
    name = "diff",
    description =
        "Compares the tensors of two checkpoints byte by byte; exit code 1 if they differ.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckpointDiffCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "A checkpoint; of a directory of checkpoints or a run's directory, the newest.")
  private Place first;

  @Parameters(index = "1", paramLabel = "OTHER", description = "The same.")
  private Place second;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  CheckpointDiffCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (TensorReader one = open(first);
        TensorReader two = open(second)) {
      List<String> lines = new CheckpointDiff(one, two).lines();
      lines.forEach(out::println);
      out.println(lines.isEmpty() ? "equal" : lines.size() + " tensors differ");
      out.flush();
      return lines.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private static TensorReader open(Place path) {
    CheckpointPath found = CheckpointPath.of(path);
    return found.store().open(found.store().read(found.newest()));
  }
}
