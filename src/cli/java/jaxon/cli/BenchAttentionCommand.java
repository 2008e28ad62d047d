package jaxon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.FloatType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.trainer.bench.AttentionBenchmark;
import jaxon.trainer.bench.AttentionResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench attention`: causal attention alone, forward and backward, by length.
@Command(
    name = "attention",
    description = {
      "Times causal attention (8 heads of width 64), forward and backward, by sequence length, on",
      "backends and, with pytorch, in each of PyTorch's ways."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchAttentionCommand implements Runnable {
  @Option(
      names = "--contestants",
      paramLabel = "CONTESTANT",
      split = ",",
      required = true,
      description = "Backends, or pytorch, separated by commas.")
  private List<String> contestants;

  @Option(names = "--dtype", defaultValue = "BFLOAT16", description = "FLOAT32 or BFLOAT16.")
  private FloatType dtype;

  @Option(
      names = "--lengths",
      split = ",",
      defaultValue = "512,1024,2048,4096,8192",
      description = "Tokens of a sequence.")
  private List<Long> lengths;

  @Option(names = "--tokens", defaultValue = "8192", description = "Tokens in all sequences.")
  private long tokens;

  @Option(names = "--tries", defaultValue = "5", description = "Timed runs; the median counts.")
  private int tries;

  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  private boolean json;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchAttentionCommand() {}

  @Override
  public void run() {
    for (long length : lengths) {
      if (length < 1 || tokens % length != 0 || tries < 1) {
        throw new ParameterException(
            spec.commandLine(),
            "--lengths must divide --tokens and --tries be at least 1, found %s, %d and %d"
                .formatted(lengths, tokens, tries));
      }
    }
    for (String contestant : contestants) {
      if (PeerCommand.isForeign(contestant)) {
        pytorch();
      } else if (Backends.names().contains(contestant)) {
        backend(contestant);
      } else {
        throw new ParameterException(
            spec.commandLine(),
            "there is no contestant '%s'; there are %s, and pytorch"
                .formatted(contestant, Backends.names()));
      }
    }
  }

  private void backend(String name) {
    try (Backend backend = Backends.open(name)) {
      AttentionBenchmark benchmark = new AttentionBenchmark(backend, tokens, tries);
      lengths.forEach(length -> print(benchmark.run(dtype, length)));
    }
  }

  private void pytorch() {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
    arguments.add(Long.toString(tokens));
    arguments.add(Integer.toString(tries));
    arguments.add(dtype.yamlName());
    lengths.forEach(length -> arguments.add(Long.toString(length)));
    try {
      Process process =
          new PeerCommand("", List.of(), Path.of(""))
              .pytorch("jaxon.peers.AttentionPeer", arguments)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        lines.lines().filter(line -> line.startsWith("{")).forEach(this::parse);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void parse(String line) {
    print(AttentionResult.parse(line));
  }

  private void print(AttentionResult result) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? result.json() : result.row());
    out.flush();
  }
}
