package jaxon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import jaxon.config.DatasetType;
import jaxon.input.TokenizerTraining;
import jaxon.input.TokenizerTraining.Result;
import jaxon.input.TokenizerTraining.Settings;
import jaxon.input.tokenizer.WordPattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `jaxon tokenizer train`: learns a byte-level BPE vocabulary from text.
@Command(
    name = "train",
    description =
        "Learns a byte-level BPE vocabulary from text and writes a Hugging Face tokenizer.json.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Version.class)
final class TokenizerTrainCommand implements Runnable {
  @Parameters(paramLabel = "PATH", description = "File, directory or glob pattern of the text.")
  private String path;

  @Option(
      names = "--dataset-type",
      defaultValue = "TEXT",
      description = "What PATH holds: TEXT, JSONL or PARQUET.")
  private DatasetType datasetType;

  @Option(
      names = "--column",
      defaultValue = "text",
      description = "Field or column with the text, for JSONL and PARQUET.")
  private String column;

  @Option(
      names = "--vocab-size",
      defaultValue = "8192",
      description = "Ids to make, special tokens and the 256 bytes included.")
  private int vocabSize;

  @Option(
      names = "--min-frequency",
      defaultValue = "2",
      description = "Pairs that are rarer are not merged.")
  private long minFrequency;

  @Option(
      names = "--special-tokens",
      split = ",",
      defaultValue = "<|begin_of_text|>,<|end_of_text|>",
      description = "Tokens that stand for no text; they get the first ids.")
  private List<String> specialTokens;

  @Option(
      names = "--pattern",
      defaultValue = "LLAMA3",
      description = "How text is cut into words before merging: GPT2 or LLAMA3.")
  private WordPattern pattern;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "tokenizer.json",
      description = "File to write, or a directory for tokenizer.json.")
  private Path output;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
  TokenizerTrainCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings =
        new Settings(
            datasetType, path, column, vocabSize, minFrequency, specialTokens, pattern, output);
    StageReport report = new StageReport(out);
    Result result = TokenizerTraining.run(settings, report);
    out.printf(
        "%s: %,d ids from %,d documents (%,d words, %,d distinct)%n",
        result.file(),
        result.vocabSize(),
        result.documents(),
        result.words(),
        result.distinctWords());
    out.flush();
  }

  /// Prints each stage once when it starts and when it is done.
  private static final class StageReport implements TokenizerTraining.Progress {
    private final PrintWriter out;
    private TokenizerTraining.@Nullable Stage shown;

    StageReport(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void at(TokenizerTraining.Stage stage, long done, long total) {
      if (stage != shown) {
        shown = stage;
        out.println(
            switch (stage) {
              case COUNT_WORDS -> "Counting words of %,d documents".formatted(total);
              case LEARN_MERGES -> "Learning merges up to %,d ids".formatted(total);
            });
        out.flush();
      }
    }
  }
}
