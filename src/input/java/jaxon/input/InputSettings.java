package jaxon.input;

import jaxon.config.DatasetType;
import jaxon.config.TokenizerType;
import jaxon.input.source.InputException;

/// All that the input pipeline is told; made by [#builder].
///
/// @param path file, directory or glob pattern of the training data; unused by synthetic data
/// @param evalPath the same for evaluation data; empty for none
/// @param evalFraction the share of the training data to hold out when `evalPath` is empty, 0 for
///   none, at most 0.5
/// @param column the field or column that holds the text (JSONL, Parquet)
/// @param tokenizerPath `tokenizer.json` or its directory; unused by the byte tokenizer
/// @param addBos put the begin token, if the vocabulary has one, before each document
/// @param addEos put the end token, if the vocabulary has one, after each document
/// @param batchSize rows of a global batch, over all shards
/// @param maxTargetLength tokens of a row
/// @param maxSegmentsPerSequence the most segments first-fit packing puts into a row; 0 for no
///   limit
/// @param shardIndex this process among `shardCount`: it gets rows `[shardIndex * batchSize /
///   shardCount, (shardIndex + 1) * batchSize / shardCount)` of each batch
/// @param vocabSize the model's vocabulary; the tokenizer's must not be larger
/// @param numEpochs passes over the training data; 0 for no end
/// @param reuseExampleBatch give the first batch again and again, to measure speed without input
/// @param prefetch batches made ahead on a thread of their own; 0 for none
public record InputSettings(
    DatasetType datasetType,
    String path,
    String evalPath,
    double evalFraction,
    String column,
    TokenizerType tokenizerType,
    String tokenizerPath,
    boolean addBos,
    boolean addEos,
    int batchSize,
    int maxTargetLength,
    PackingType packing,
    int maxSegmentsPerSequence,
    boolean shuffle,
    long seed,
    int shardIndex,
    int shardCount,
    int vocabSize,
    long numEpochs,
    boolean reuseExampleBatch,
    int prefetch) {

  private static final int MAX_BATCH_TOKENS = 1 << 28;

  public InputSettings {
    require(batchSize > 0, "batchSize is " + batchSize + ": it must be at least 1");
    require(
        maxTargetLength > 0, "maxTargetLength is " + maxTargetLength + ": it must be at least 1");
    require(
        (long) batchSize * maxTargetLength <= MAX_BATCH_TOKENS,
        "a batch of %d rows of %d tokens is too large: at most %d tokens are allowed"
            .formatted(batchSize, maxTargetLength, MAX_BATCH_TOKENS));
    require(
        evalFraction >= 0 && evalFraction <= 0.5,
        "evalFraction is " + evalFraction + ": it must be between 0 and 0.5");
    require(shardCount > 0, "shardCount is " + shardCount + ": it must be at least 1");
    require(
        shardIndex >= 0 && shardIndex < shardCount,
        "shardIndex is %d: with shardCount %d it must be between 0 and %d"
            .formatted(shardIndex, shardCount, shardCount - 1));
    require(
        batchSize % shardCount == 0,
        "batchSize %d cannot be divided among %d shards: make it a multiple"
            .formatted(batchSize, shardCount));
    require(vocabSize > 0, "vocabSize is " + vocabSize + ": it must be at least 1");
    require(
        maxSegmentsPerSequence >= 0,
        "maxSegmentsPerSequence is %d: it must be positive, or 0 for no limit"
            .formatted(maxSegmentsPerSequence));
    require(numEpochs >= 0, "numEpochs is " + numEpochs + ": it must be positive, or 0 for no end");
    require(
        prefetch >= 0 && prefetch <= 1024,
        "prefetch is " + prefetch + ": it must be between 0 and 1024");
  }

  /// A builder with the defaults: synthetic data, byte tokenizer, first-fit packing, shuffled, no
  /// end.
  public static InputSettingsBuilder builder() {
    return new InputSettingsBuilder();
  }

  /// A builder that starts from these settings.
  public InputSettingsBuilder toBuilder() {
    return new InputSettingsBuilder(this);
  }

  /// The rows of each batch that this shard gets.
  public int localRows() {
    return batchSize / shardCount;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new InputException("Input settings: " + message + ".");
    }
  }
}
