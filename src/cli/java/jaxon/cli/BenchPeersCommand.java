package jaxon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.config.Configuration;
import jaxon.trainer.RunIngredients;
import jaxon.trainer.bench.PeerMatch;
import jaxon.trainer.bench.PeerReport;
import jaxon.trainer.bench.PeerResult;
import jaxon.trainer.bench.WeightsFile;
import jaxon.trainer.profile.RooflineProbe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench peers`: this engine and other programs train the same model by turns.
@Command(
    name = "peers",
    description = {
      "Lets this engine and other programs train the same model from the same weights on the same",
      "data, a step each by turns, and compares times and losses.",
      "",
      "CONTESTANT is the name of a backend (cpu, nd4j, xla) or pytorch:VARIANT. PyTorch is built by",
      "  mvn -Ppeers -pl benchmarks/peers -am -DskipTests package"
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchPeersCommand implements Runnable {
  @Option(
      names = "--contestants",
      paramLabel = "CONTESTANT",
      split = ",",
      required = true,
      description = "Who takes part, separated by commas; all are compared with the first.")
  private List<String> contestants;

  @Option(names = "--rounds", defaultValue = "7", description = "Timed rounds.")
  private int rounds;

  @Option(names = "--warmup", defaultValue = "2", description = "Rounds before them.")
  private int warmup;

  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  private boolean json;

  @Mixin private BenchedConfig config;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchPeersCommand() {}

  @Override
  public void run() {
    if (rounds < 1 || warmup < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--rounds must be at least 1 and --warmup at least 0, found %d and %d"
              .formatted(rounds, warmup));
    }
    Configuration configuration = config.load();
    try {
      Path weights = Files.createTempFile("jaxon-weights", ".bin");
      try {
        report(configuration, match(configuration, weights));
      } finally {
        Files.deleteIfExists(weights);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<PeerResult> match(Configuration configuration, Path weights) throws IOException {
    SequencedMap<String, ProcessBuilder> commands = new LinkedHashMap<>();
    PeerCommand command = new PeerCommand(config.name(), config.values(), weights);
    for (String name : contestants) {
      try {
        commands.put(name, command.of(name));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
    }
    if (contestants.stream().anyMatch(PeerCommand::isForeign)) {
      WeightsFile.write(weights, RunIngredients.initialParams(configuration));
    }
    return new PeerMatch(warmup, rounds).run(commands);
  }

  private void report(Configuration configuration, List<PeerResult> results) {
    PrintWriter out = spec.commandLine().getOut();
    PeerReport report =
        PeerReport.of(
            config.name(), configuration, new RooflineProbe(configuration.threads()).measure());
    out.print(json ? report.json(results) : report.table(results));
    out.flush();
  }
}
