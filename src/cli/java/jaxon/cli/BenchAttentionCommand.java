package jaxon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import jaxon.config.FloatType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.trainer.bench.AttentionBenchmark;
import jaxon.trainer.bench.AttentionResult;
import jaxon.trainer.bench.Rounds;
import jaxon.trainer.profile.RooflineProbe;
import jaxon.trainer.profile.Rooflines;
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
  private static final String ALL_VARIANTS = "naive,baddbmm,sdpa";

  @Option(
      names = "--contestants",
      paramLabel = "CONTESTANT",
      split = ",",
      required = true,
      description = {
        "Backends, pytorch or pytorch:VARIANT (naive, baddbmm, sdpa), separated by commas."
      })
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

  @Option(
      names = "--warmup",
      defaultValue = "3",
      paramLabel = "SECONDS",
      description = "How long each runs before it is timed.")
  private double warmup;

  @Option(names = "--tries", defaultValue = "7", description = "Timed runs; the median counts.")
  private int tries;

  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  private boolean json;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchAttentionCommand() {}

  @Override
  public void run() {
    for (long length : lengths) {
      if (length < 1 || tokens % length != 0 || tries < 1 || !(warmup >= 0)) {
        throw new ParameterException(
            spec.commandLine(),
            "--lengths must divide --tokens, --tries be at least 1 and --warmup at least 0, found %s, %d, %d and %s"
                .formatted(lengths, tokens, tries, warmup));
      }
    }
    for (String contestant : contestants) {
      if (!PeerCommand.isForeign(contestant) && !Backends.names().contains(contestant)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no contestant '%s'; there are %s, pytorch and pytorch:VARIANT"
                .formatted(contestant, Backends.names()));
      }
    }
    Rounds rounds = new Rounds(warmup, tries);
    for (long length : lengths) {
      Rooflines rooflines = new RooflineProbe(threads()).measure();
      for (String contestant : contestants) {
        measure(contestant, length, rounds).forEach(result -> print(result.against(rooflines)));
      }
    }
  }

  private static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  private List<AttentionResult> measure(String contestant, long length, Rounds rounds) {
    if (PeerCommand.isForeign(contestant)) {
      return pytorch(PeerCommand.variant(contestant), length, rounds);
    }
    try (Backend backend = Backends.open(contestant)) {
      return List.of(new AttentionBenchmark(backend, tokens, rounds).run(dtype, length));
    }
  }

  private List<AttentionResult> pytorch(String variant, long length, Rounds rounds) {
    List<String> arguments =
        List.of(
            Integer.toString(threads()),
            Long.toString(tokens),
            Double.toString(rounds.warmupSeconds()),
            Integer.toString(rounds.tries()),
            dtype.yamlName(),
            variant.isEmpty() ? ALL_VARIANTS : variant,
            Long.toString(length));
    try {
      Process process =
          new PeerCommand("", List.of(), Path.of(""))
              .pytorch("jaxon.peers.AttentionPeer", arguments)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        return lines
            .lines()
            .filter(line -> line.startsWith("{"))
            .map(AttentionResult::parse)
            .toList();
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(AttentionResult result) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? result.json() : result.row());
    out.flush();
  }
}
