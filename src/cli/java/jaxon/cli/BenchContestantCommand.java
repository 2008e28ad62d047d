package jaxon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import jaxon.trainer.TrainingSession;
import jaxon.trainer.bench.Contestant;
import jaxon.trainer.bench.ContestantServer;
import jaxon.trainer.bench.SessionContestant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

  @Parameters(paramLabel = "KEY=VALUE", description = "Overrides of the configuration.")
  private final List<String> overrides = new ArrayList<>();

  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchContestantCommand() {}

  @Spec
  void setSpec(CommandSpec spec) {
    spec.parser().unmatchedOptionsArePositionalParams(true);
    this.spec = spec;
  }

  @Override
  public void run() {
    Configuration configuration =
        new ConfigLoader(Path.of(""), Installation.configs(), System.getenv())
            .load(config, overrides);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Contestant contestant = new SessionContestant(TrainingSession.open(configuration))) {
      ContestantServer.serve(contestant, in, spec.commandLine().getOut());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
