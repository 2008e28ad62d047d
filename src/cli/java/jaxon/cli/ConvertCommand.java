package jaxon.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jaxon.checkpoint.model.StoredModel;
import jaxon.config.Place;
import jaxon.graph.type.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `jaxon convert`: writes a model in another form.
@Command(
    name = "convert",
    description = {
      "Writes a model as a Hugging Face repository or as a checkpoint with parameters only, also in",
      "other element types or shards."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class ConvertCommand implements Runnable {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*([KMGT]?)B?");

  /// The element types of weights, as the transformers library and MaxText spell them.
  enum WeightType {
    FLOAT32(DType.F32),
    BFLOAT16(DType.BF16),
    FLOAT16(DType.F16),
    FLOAT64(DType.F64);

    private final DType dtype;

    WeightType(DType dtype) {
      this.dtype = dtype;
    }
  }

  @Option(
      names = "--from",
      required = true,
      paramLabel = "DIR",
      description =
          "A Hugging Face repository directory, a checkpoint, a directory of checkpoints or a run's"
              + " directory.")
  private Place from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description =
          "The directory to write, which must not exist yet. Named by a number, the step, for"
              + " example model/0, it is a checkpoint; otherwise a Hugging Face repository.")
  private Place to;

  @Option(
      names = "--dtype",
      description = "Element type to write: ${COMPLETION-CANDIDATES}; as it is without this.")
  private Optional<WeightType> dtype;

  @Option(
      names = "--max-shard-size",
      defaultValue = "5GB",
      description = "Most bytes of one file, for example 500MB; a larger tensor has its own.")
  private String shardSize;

  @Mixin private ConfigOverrides overrides;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  ConvertCommand() {}

  @Override
  public void run() {
    long mostBytes = bytes(shardSize);
    try (StoredModel model = StoredModel.open(from)) {
      String written =
          new Conversion(model, overrides, dtype.map(type -> type.dtype), mostBytes).write(to);
      PrintWriter out = spec.commandLine().getOut();
      out.println("Written: " + written);
      out.flush();
    }
  }

  private long bytes(String text) {
    Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
      throw new ParameterException(
          spec.commandLine(), "--max-shard-size: write a size such as 5GB or 500MB, not " + text);
    }
    int power = " KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
    long unit = 1;
    for (int i = 0; i < power; i++) {
      unit *= 1000;
    }
    return Long.parseLong(size.group(1)) * unit;
  }
}
