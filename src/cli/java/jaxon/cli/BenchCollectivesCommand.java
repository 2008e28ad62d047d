package jaxon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import jaxon.cluster.launch.Launcher;
import jaxon.cluster.launch.Patience;
import jaxon.config.Configuration;
import jaxon.trainer.bench.CollectivesReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench collectives`: time and bandwidth of each collective by size.
@Command(
    name = "collectives",
    description = {
      "Times each collective by size, as nccl-tests does: algbw is bytes by time, busbw what the",
      "slowest link carries. Beside it, in the same run: what memory and sockets alone can do."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchCollectivesCommand implements Callable<Integer> {
  /// What carries the bytes.
  enum Transport {
    MEMORY,
    IPC,
    UDP
  }

  @Option(names = "--processes", defaultValue = "2", description = "Ranks.")
  private int processes;

  @Option(
      names = "--transport",
      defaultValue = "IPC",
      description =
          "MEMORY: ranks are threads of one process; IPC: processes over shared memory; UDP:"
              + " processes over the loopback network.")
  private Transport transport;

  @Option(names = "--max-bytes", defaultValue = "67108864", description = "Largest vector.")
  private long maxBytes;

  @Option(names = "--iterations", defaultValue = "20", description = "Timed calls of each size.")
  private int iterations;

  @Option(names = "--json", description = "Print one JSON object a row instead of a table.")
  private boolean json;

  /// The processes that the command starts are told where they meet.
  @Mixin private ConfigOverrides overrides;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchCollectivesCommand() {}

  @Override
  public Integer call() {
    if (processes < 1 || maxBytes < 8 || iterations < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--processes and --iterations must be at least 1 and --max-bytes at least 8, found %d, %d and %d"
              .formatted(processes, iterations, maxBytes));
    }
    CollectivesReport report = CollectivesReport.upTo(maxBytes, iterations, json);
    PrintWriter out = spec.commandLine().getOut();
    if (transport == Transport.MEMORY) {
      report.inMemory(processes, out::println);
      out.flush();
      return 0;
    }
    if (overrides.values().isEmpty()) {
      return launch();
    }
    Configuration config = overrides.loadDefaults();
    report.betweenProcesses(config, out::println);
    out.flush();
    return 0;
  }

  private int launch() {
    List<String> command = new ArrayList<>(List.of("bench", "collectives"));
    command.addAll(List.of("--transport", transport.name(), "--processes", "" + processes));
    command.addAll(List.of("--max-bytes", "" + maxBytes, "--iterations", "" + iterations));
    if (json) {
      command.add("--json");
    }
    command.add("collective_transport=" + transport.name().toLowerCase(Locale.ROOT));
    LaunchPlan plan = LaunchPlan.of(processes, 0, null, null, command, List.of("bench"));
    try {
      return new Launcher(
              plan.commands(Runtime.getRuntime().availableProcessors()),
              0,
              Patience.USUAL,
              System.out,
              System.err)
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
