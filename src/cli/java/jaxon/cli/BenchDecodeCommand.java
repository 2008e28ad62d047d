package jaxon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import jaxon.config.Configuration;
import jaxon.inference.bench.DecodeBenchmark;
import jaxon.inference.bench.DecodeResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon bench decode`: how fast text is made, and how fast the machine would allow.
@Command(
    name = "decode",
    description = {
      "Measures reading prompts and making text with the initial parameters and, in the same run,",
      "the copying of memory: a step reads each parameter and the cache once, so that is its limit."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class BenchDecodeCommand implements Runnable {
  private static final double GIGA = 1e9;

  @Option(
      names = "--rows",
      defaultValue = "1",
      split = ",",
      description = "Texts made at a time; several numbers are measured one after the other.")
  private List<Integer> rows;

  @Option(names = "--prompt-tokens", defaultValue = "128", description = "Tokens of a prompt.")
  private int prompt;

  @Option(names = "--new-tokens", defaultValue = "64", description = "Tokens of a text.")
  private int tokens;

  @Option(names = "--rounds", defaultValue = "3", description = "Rounds, of which the best counts.")
  private int rounds;

  @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
  private boolean json;

  @Mixin private BenchedConfig config;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  BenchDecodeCommand() {}

  @Override
  public void run() {
    if (rows.stream().anyMatch(count -> count < 1) || prompt < 1 || tokens < 2 || rounds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--rows, --prompt-tokens and --rounds must be at least 1 and --new-tokens at least 2");
    }
    Configuration configuration = config.load();
    PrintWriter out = spec.commandLine().getOut();
    for (int count : rows) {
      DecodeResult result =
          new DecodeBenchmark(count, prompt, tokens, rounds).run(config.name(), configuration);
      out.print(json ? json(result) : table(result));
      out.flush();
    }
  }

  private static String table(DecodeResult result) {
    return """
    %s, %d rows
      prompts           %,10.1f tok/s
      first token after %,10.4f s
      text              %,10.1f tok/s
      a step            %,10.3f ms
      read by a step    %,10.1f MB, %.1f GB/s, %.0f %% of copying (%.1f GB/s)
    """
        .formatted(
            result.config(),
            result.rows(),
            result.times().promptRate(),
            result.times().firstTokenSeconds(),
            result.times().stepRate(),
            1e3 * result.times().stepSeconds() / result.times().steps(),
            result.stepBytes() / 1e6,
            result.bandwidth() / GIGA,
            100 * result.share(),
            result.copyBandwidth() / GIGA);
  }

  private static String json(DecodeResult result) {
    return String.format(
        Locale.ROOT,
        "{\"config\":\"%s\",\"rows\":%d,\"prompt_tokens_per_second\":%.2f,"
            + "\"first_token_seconds\":%.6f,\"text_tokens_per_second\":%.2f,\"step_seconds\":%.6f,"
            + "\"step_bytes\":%.0f,\"bytes_per_second\":%.0f,\"copy_bytes_per_second\":%.0f}%n",
        result.config().replace("\\", "\\\\").replace("\"", "\\\""),
        result.rows(),
        result.times().promptRate(),
        result.times().firstTokenSeconds(),
        result.times().stepRate(),
        result.times().stepSeconds() / result.times().steps(),
        result.stepBytes(),
        result.bandwidth(),
        result.copyBandwidth());
  }
}
