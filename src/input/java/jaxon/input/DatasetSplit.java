package jaxon.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.config.DatasetType;
import jaxon.input.source.DocumentSource;
import jaxon.input.source.InputException;
import jaxon.input.source.JsonlSource;
import jaxon.input.source.ParquetSource;
import jaxon.input.source.TextFilesSource;
import jaxon.input.tokenizer.Tokenizer;

/// Training data, evaluation data and the open files behind them.
record DatasetSplit(
    Dataset train, Optional<Dataset> eval, List<DocumentSource> sources, String origin) {

  /// Synthetic data has documents for longer than any run.
  private static final long SYNTHETIC_TRAIN_DOCUMENTS = 1L << 40;

  private static final int SYNTHETIC_EVAL_BATCHES = 8;

  /// Opens what the settings name; closes it again if anything is wrong.
  static DatasetSplit open(InputSettings settings, Tokenizer tokenizer) {
    if (settings.datasetType() == DatasetType.SYNTHETIC) {
      return synthetic(settings);
    }
    List<DocumentSource> sources = new ArrayList<>();
    try {
      DocumentSource source =
          openSource(settings.datasetType(), settings.path(), settings.column());
      sources.add(source);
      if (settings.evalPath().isEmpty()) {
        return split(settings, tokenizer, source);
      }
      DocumentSource eval =
          openSource(settings.datasetType(), settings.evalPath(), settings.column());
      sources.add(eval);
      return new DatasetSplit(
          dataset(settings, tokenizer, source, "training"),
          Optional.of(dataset(settings, tokenizer, eval, "evaluation")),
          sources,
          source.describe() + "; evaluation: " + eval.describe());
    } catch (RuntimeException e) {
      sources.forEach(DocumentSource::close);
      throw e;
    }
  }

  /// Opens documents of a type.
  static DocumentSource openSource(DatasetType type, String path, String column) {
    return switch (type) {
      case TEXT -> TextFilesSource.open(path);
      case JSONL -> JsonlSource.open(path, column);
      case PARQUET -> ParquetSource.open(path, column);
      case SYNTHETIC ->
          throw new InputException(
              "Synthetic data has no text. Use dataset type text, jsonl or parquet.");
    };
  }

  private static DatasetSplit synthetic(InputSettings settings) {
    int length = settings.maxTargetLength();
    int vocab = settings.vocabSize();
    long evalSeed = Mix64.combine(settings.seed(), -1);
    return new DatasetSplit(
        new Dataset.Documents(
            new SyntheticCorpus(SYNTHETIC_TRAIN_DOCUMENTS, length, vocab, settings.seed())),
        Optional.of(
            new Dataset.Documents(
                new SyntheticCorpus(
                    (long) SYNTHETIC_EVAL_BATCHES * settings.batchSize(),
                    length,
                    vocab,
                    evalSeed))),
        List.of(),
        "synthetic tokens");
  }

  private static Dataset dataset(
      InputSettings settings, Tokenizer tokenizer, DocumentSource source, String what) {
    TokenizedDocuments documents =
        new TokenizedDocuments(source, tokenizer, settings.addBos(), settings.addEos());
    return settings.datasetType() == DatasetType.TEXT
        ? new Dataset.Stored(
            StoredText.load(source, documents, tokenizer.vocabSize()).requirePairs(what))
        : new Dataset.Documents(documents);
  }

  private static DatasetSplit split(
      InputSettings settings, Tokenizer tokenizer, DocumentSource source) {
    Dataset all = dataset(settings, tokenizer, source, "training");
    List<DocumentSource> sources = List.of(source);
    double fraction = settings.evalFraction();
    if (fraction == 0) {
      return new DatasetSplit(all, Optional.empty(), sources, source.describe());
    }
    return switch (all) {
      case Dataset.Documents documents -> {
        if (!HoldOut.possible(source.size(), fraction)) {
          throw HoldOut.tooSmall(source.size(), fraction);
        }
        HoldOut split = new HoldOut(source.size(), fraction, settings.seed());
        yield new DatasetSplit(
            new Dataset.Documents(split.train(documents.corpus())),
            Optional.of(new Dataset.Documents(split.eval(documents.corpus()))),
            sources,
            source.describe());
      }
      case Dataset.Stored(StoredText text) -> {
        TextSplit split = TextSplit.of(text.spans(), fraction, settings.seed());
        yield new DatasetSplit(
            new Dataset.Stored(text.with(split.train()).requirePairs("training")),
            Optional.of(new Dataset.Stored(text.with(split.eval()).requirePairs("evaluation"))),
            sources,
            source.describe());
      }
    };
  }
}
