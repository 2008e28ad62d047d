package jaxon.input;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jaxon.config.DatasetType;
import jaxon.input.source.DocumentSource;
import jaxon.input.source.InputException;
import jaxon.input.tokenizer.BpeModel;
import jaxon.input.tokenizer.BpeTrainer;
import jaxon.input.tokenizer.TokenizerFile;
import jaxon.input.tokenizer.WordCounts;
import jaxon.input.tokenizer.WordPattern;

/// Trains a byte-level BPE tokenizer on text data and writes its `tokenizer.json`.
public final class TokenizerTraining {
  private TokenizerTraining() {}

  /// What to train on and what to make.
  ///
  /// @param datasetType text, JSONL or Parquet
  /// @param path file, directory or glob pattern
  /// @param column the field or column with the text; unused by text files
  /// @param vocabSize the ids wanted, special tokens and the 256 bytes included
  /// @param minFrequency pairs rarer than this are not merged
  /// @param specialTokens tokens such as `<|endoftext|>`, which get the first ids
  /// @param output the file to write, or a directory, in which `tokenizer.json` is written
  public record Settings(
      DatasetType datasetType,
      String path,
      String column,
      int vocabSize,
      long minFrequency,
      List<String> specialTokens,
      WordPattern pattern,
      Path output) {
    public Settings {
      specialTokens = List.copyOf(specialTokens);
    }
  }

  /// What was made.
  ///
  /// @param file the file written
  /// @param vocabSize the ids reached; fewer than asked where the data has no more frequent pairs
  /// @param documents the documents read
  /// @param words the words read, and how many of them differ
  public record Result(Path file, int vocabSize, long documents, long words, int distinctWords) {}

  /// A stage of the work.
  public enum Stage {
    /// Reading documents and counting their words.
    COUNT_WORDS,
    /// Learning merges; done is the size of the vocabulary.
    LEARN_MERGES
  }

  /// Told now and then how far the work is.
  @FunctionalInterface
  public interface Progress {
    void at(Stage stage, long done, long total);
  }

  /// Reads the data, trains and writes the file.
  ///
  /// @throws InputException if the data cannot be read, holds no text or the file cannot be written
  public static Result run(Settings settings, Progress progress) {
    // First, so that a wrong size is told before hours of reading.
    BpeTrainer trainer =
        new BpeTrainer(settings.vocabSize(), settings.minFrequency(), settings.specialTokens());
    WordCounts counts = new WordCounts(settings.pattern());
    long documents;
    try (DocumentSource source =
        DatasetSplit.openSource(settings.datasetType(), settings.path(), settings.column())) {
      documents = source.size();
      for (long i = 0; i < documents; i++) {
        counts.add(source.document(i));
        if (i % 1024 == 0) {
          progress.at(Stage.COUNT_WORDS, i, documents);
        }
      }
    }
    progress.at(Stage.COUNT_WORDS, documents, documents);
    if (counts.words() == 0) {
      throw new InputException(
          "The data at '%s' holds no text to train a tokenizer on.".formatted(settings.path()));
    }
    BpeModel model =
        trainer.train(counts, size -> progress.at(Stage.LEARN_MERGES, size, settings.vocabSize()));
    Path file =
        Files.isDirectory(settings.output())
            ? settings.output().resolve("tokenizer.json")
            : settings.output();
    TokenizerFile.write(model, file);
    return new Result(file, model.tokens().size(), documents, counts.words(), counts.distinct());
  }
}
