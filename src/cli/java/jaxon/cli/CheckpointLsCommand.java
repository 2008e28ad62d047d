package jaxon.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.config.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon checkpoint ls`: one line for each checkpoint.
@Command(
    name = "ls",
    description = "Lists checkpoints: step, time, bytes, tensors, loss.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckpointLsCommand implements Runnable {
  @Parameters(
      paramLabel = "DIR",
      description = "A checkpoint, a directory of checkpoints or a run's directory.")
  private Place path;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  CheckpointLsCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    CheckpointPath found = CheckpointPath.of(path);
    out.printf("%8s  %-20s  %15s  %7s  %s%n", "step", "saved", "bytes", "tensors", "loss");
    for (long step : found.steps()) {
      try {
        Checkpoint checkpoint = found.store().read(step);
        Double loss = checkpoint.facts().metrics().get("learning/loss");
        out.printf(
            "%8d  %-20s  %,15d  %7d  %s%n",
            step,
            Instant.ofEpochMilli(checkpoint.facts().createdMillis())
                .truncatedTo(ChronoUnit.SECONDS),
            checkpoint.bytes(),
            checkpoint.tensors().size(),
            loss == null ? "" : "%.4f".formatted(loss));
      } catch (CheckpointException e) {
        out.printf("%8d  %s%n", step, e.getMessage());
      }
    }
    out.flush();
  }
}
