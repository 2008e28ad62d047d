package jaxon.input;

import java.util.Optional;
import jaxon.config.DatasetType;
import jaxon.config.TokenizerType;
import jaxon.input.source.DocumentSource;
import jaxon.input.source.InputException;
import jaxon.input.tokenizer.ByteTokenizer;
import jaxon.input.tokenizer.HuggingFaceTokenizer;
import jaxon.input.tokenizer.Tokenizer;

/// The data of a run: open it, ask for iterators, close it when the iterators are closed.
public final class InputPipeline implements AutoCloseable {
  private final InputSettings settings;
  private final Tokenizer tokenizer;
  private final DatasetSplit data;

  private InputPipeline(InputSettings settings, Tokenizer tokenizer, DatasetSplit data) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.data = data;
  }

  /// Opens tokenizer and data; text files are read and tokenized here, other data when it is used.
  ///
  /// @throws InputException if anything is missing, empty, malformed or does not fit the model
  public static InputPipeline open(InputSettings settings) {
    boolean synthetic = settings.datasetType() == DatasetType.SYNTHETIC;
    Tokenizer tokenizer =
        synthetic
            ? new ByteTokenizer()
            : openTokenizer(settings.tokenizerType(), settings.tokenizerPath());
    try {
      if (!synthetic && tokenizer.vocabSize() > settings.vocabSize()) {
        throw new InputException(
            """
            The tokenizer has %,d ids, but the model's vocab_size is %,d: token ids would point outside \
            the embedding table. Set vocab_size to %,d or more, or use another tokenizer.\
            """
                .formatted(tokenizer.vocabSize(), settings.vocabSize(), tokenizer.vocabSize()));
      }
      return new InputPipeline(settings, tokenizer, DatasetSplit.open(settings, tokenizer));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /// Opens a tokenizer by itself, for generation.
  public static Tokenizer openTokenizer(TokenizerType type, String path) {
    return switch (type) {
      case BYTE -> new ByteTokenizer();
      case HUGGINGFACE -> HuggingFaceTokenizer.open(path);
    };
  }

  /// A new iterator over the training data, from its beginning; the caller closes it.
  public BatchIterator trainIterator() {
    Packer packer = data.train().packer(settings, settings.shuffle(), settings.numEpochs());
    BatchIterator batches = new PackedBatchIterator(settings, packer);
    return settings.reuseExampleBatch() ? new RepeatingIterator(batches) : prefetched(batches);
  }

  /// A new iterator that passes over the evaluation data once, in order; empty if there is none.
  ///
  /// The last batch may end in padding rows (segment 0 everywhere).
  public Optional<BatchIterator> evalIterator() {
    return evalIterator(settings.batchSize());
  }

  /// As [#evalIterator()], with another global batch size.
  public Optional<BatchIterator> evalIterator(int batchSize) {
    InputSettings evalSettings = settings.toBuilder().batchSize(batchSize).build();
    return data.eval()
        .map(eval ->
            prefetched(new PackedBatchIterator(evalSettings, eval.packer(evalSettings, false, 1))));
  }

  /// The tokenizer; of synthetic data, which has none, the byte tokenizer.
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// What was opened, in one line for the log.
  public String describe() {
    return "%s: train %s%s; %s; packing %s, shuffle %s, seed %d"
        .formatted(
            data.origin(),
            data.train().describe(),
            data.eval().map(eval -> ", eval " + eval.describe()).orElse(", no eval"),
            tokenizer.describe(),
            settings.packing(),
            settings.shuffle(),
            settings.seed());
  }

  /// Closes files and tokenizer. Close the iterators first.
  @Override
  public void close() {
    data.sources().forEach(DocumentSource::close);
    tokenizer.close();
  }

  private BatchIterator prefetched(BatchIterator batches) {
    return settings.prefetch() == 0
        ? batches
        : new PrefetchingIterator(batches, settings.prefetch());
  }
}
