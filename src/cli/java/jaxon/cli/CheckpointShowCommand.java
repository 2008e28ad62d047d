package jaxon.cli;

import java.io.PrintWriter;
import java.time.Instant;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointPath;
import jaxon.config.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon checkpoint show`: what is in a checkpoint.
@Command(
    name = "show",
    description =
        "Shows what is in a checkpoint: its tensors, and what was true when it was saved.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckpointShowCommand implements Runnable {
  @Parameters(
      paramLabel = "DIR",
      description = "A checkpoint; of a directory of checkpoints or a run's directory, the newest.")
  private Place path;

  @Option(names = "--configuration", description = "Show the run's configuration too, as YAML.")
  private boolean configuration;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  CheckpointShowCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    CheckpointPath found = CheckpointPath.of(path);
    Checkpoint checkpoint = found.store().read(found.newest());
    Checkpoint.Facts facts = checkpoint.facts();
    out.printf("step     %d%n", checkpoint.step());
    out.printf(
        "saved    %s by Jaxon %s%n",
        Instant.ofEpochMilli(facts.createdMillis()), facts.jaxonVersion());
    out.printf("mesh     %s%n", facts.mesh());
    out.printf("seeds    %s%n", facts.seeds());
    out.printf("input    %s%n", facts.input());
    out.printf("metrics  %s%n", facts.metrics());
    checkpoint
        .files()
        .forEach(file -> out.printf("file     %s, %,d bytes%n", file.name(), file.bytes()));
    out.printf("tensors  %d, %,d bytes%n", checkpoint.tensors().size(), checkpoint.bytes());
    checkpoint
        .tensors()
        .forEach((name, entry) ->
            out.printf(
                "  %s %s %s, cut %s, %d chunks%n",
                name, entry.type(), entry.axes(), entry.spec(), entry.chunks().size()));
    if (configuration) {
      facts.configuration().forEach((key, value) -> out.printf("%s: %s%n", key, value));
    }
    out.flush();
  }
}
