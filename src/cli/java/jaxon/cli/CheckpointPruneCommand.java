package jaxon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.Pruning;
import jaxon.checkpoint.Retention;
import jaxon.config.Place;
import jaxon.trainer.RunLock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon checkpoint prune`: removes the checkpoints that no rule keeps.
@Command(
    name = "prune",
    description = {
      "Removes the checkpoints that no rule keeps. The newest one always stays, and one that cannot",
      "be read is not touched. Refused while the run is being trained, unless it keeps its",
      "checkpoints in an object store."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckpointPruneCommand implements Runnable {
  @Parameters(paramLabel = "DIR", description = "A directory of checkpoints or a run's directory.")
  private Place path;

  @Option(names = "--keep-last", paramLabel = "N", description = "Keep the N newest.")
  private int last;

  @Option(names = "--keep-every", paramLabel = "N", description = "Keep multiples of N steps.")
  private long every;

  @Option(
      names = "--keep-best",
      paramLabel = "METRIC:N",
      description = "Keep the N with the lowest METRIC, for example evaluation/avg_loss:2.")
  private @Nullable String best;

  @Option(names = "--keep-days", paramLabel = "DAYS", description = "Keep those of the last days.")
  private @Nullable Long days;

  @Option(names = "--dry-run", description = "Only say what would be removed.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  CheckpointPruneCommand() {}

  @Override
  public void run() {
    if (last == 0 && every == 0 && best == null && days == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Say what to keep: --keep-last, --keep-every, --keep-best or --keep-days.");
    }
    if (dryRun) {
      prune();
      return;
    }
    Optional<Path> directory = CheckpointPath.of(path).store().place().local();
    if (directory.isEmpty()) {
      // Nothing in an object store says whether somebody trains.
      prune();
      return;
    }
    try (RunLock _ = RunLock.take(directory.get())) {
      prune();
    }
  }

  private void prune() {
    PrintWriter out = spec.commandLine().getOut();
    CheckpointPath found = CheckpointPath.of(path);
    Retention rules =
        new Retention(
            last,
            every,
            Optional.ofNullable(best).map(this::best),
            Optional.ofNullable(days).map(Duration::ofDays));
    Pruning.Plan plan = new Pruning(found.store(), rules).plan(Instant.now());
    plan.leftAlone().forEach(reason -> out.println("left alone: " + reason));
    for (long step : plan.removed()) {
      if (!dryRun) {
        found.store().delete(step);
      }
      out.println((dryRun ? "would remove " : "removed ") + step);
    }
    out.println(
        "%d of %d checkpoints stay"
            .formatted(found.steps().size() - plan.removed().size(), found.steps().size()));
    out.flush();
  }

  private Retention.Best best(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new Retention.Best(
          text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--keep-best takes METRIC:N, found " + text, e);
    }
  }
}
