package jaxon.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.trainer.bench.TrainStepBenchmark;
import jaxon.trainer.bench.TrainStepReport;
import jaxon.trainer.bench.TrainStepResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench train-step`: how fast training steps are, and how fast the machine would allow.
@Command(
    name = "train-step",
    description = {
      "Measures training steps and, in the same run, what the machine can do at most:",
      "float32 and bfloat16 matrix products and the copying of memory."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchTrainStepCommand implements Runnable {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "NAME",
      description =
          "A YAML file, as for train, for example bench/model_a.yml. May be given several times.")
  private List<String> configs;

  @Option(names = "--steps", defaultValue = "10", description = "Timed steps.")
  private int steps;

  @Option(
      names = "--warmup",
      defaultValue = "2",
      description = "Steps between the first one and the timed ones.")
  private int warmup;

  @Option(names = "--json", description = "Print one JSON object a line instead of tables.")
  private boolean json;

  @Mixin private ConfigOverrides overrides;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchTrainStepCommand() {}

  @Override
  public void run() {
    if (steps < 1 || warmup < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--steps must be at least 1 and --warmup at least 0, found %d and %d"
              .formatted(steps, warmup));
    }
    // All of them before the first is measured: a mistake in the last one shows at once.
    List<Configuration> loaded = configs.stream().map(overrides::load).toList();
    TrainStepBenchmark benchmark = new TrainStepBenchmark(warmup, steps);
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    for (int i = 0; i < loaded.size(); i++) {
      // On the other stream: a program may read the results.
      PrintWriter notes = spec.commandLine().getErr();
      print(benchmark.run(configs.get(i), loaded.get(i), start, notes::println));
      start = System.currentTimeMillis();
    }
  }

  private void print(TrainStepResult result) {
    PrintWriter out = spec.commandLine().getOut();
    boolean unicode = System.out.charset().equals(StandardCharsets.UTF_8);
    out.print(json ? TrainStepReport.json(result) + "\n" : TrainStepReport.table(result, unicode));
    out.flush();
  }
}
