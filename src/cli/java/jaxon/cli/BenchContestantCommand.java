package jaxon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import jaxon.config.Configuration;
import jaxon.trainer.TrainingSession;
import jaxon.trainer.bench.Contestant;
import jaxon.trainer.bench.ContestantServer;
import jaxon.trainer.bench.SessionContestant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `jaxon bench contestant`: trains one step for each line `step` of the input; for `bench peers`.
@Command(
    name = "contestant",
    hidden = true,
    description = "Serves bench peers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class BenchContestantCommand implements Runnable {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "NAME",
      description = "The configuration to train.")
  private String config;

  @Mixin private ConfigOverrides overrides;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchContestantCommand() {}

  @Override
  public void run() {
    Configuration configuration = overrides.load(config);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Contestant contestant = new SessionContestant(TrainingSession.open(configuration))) {
      ContestantServer.serve(contestant, in, spec.commandLine().getOut());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
