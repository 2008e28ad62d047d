package jaxon.input;

import jaxon.config.DatasetType;
import jaxon.config.TokenizerType;
import jaxon.input.tokenizer.ByteTokenizer;

/// Collects [InputSettings] by name; what is not set keeps its default.
public final class InputSettingsBuilder {
  private DatasetType datasetType = DatasetType.SYNTHETIC;
  private String path = "";
  private String evalPath = "";
  private double evalFraction = 0;
  private String column = "text";
  private TokenizerType tokenizerType = TokenizerType.BYTE;
  private String tokenizerPath = "";
  private boolean addBos = true;
  private boolean addEos = true;
  private int batchSize = 1;
  private int maxTargetLength = 2048;
  private PackingType packing = PackingType.FIRST_FIT;
  private int maxSegmentsPerSequence = 0;
  private boolean shuffle = true;
  private long seed = 0;
  private int shardIndex = 0;
  private int shardCount = 1;
  private int vocabSize = ByteTokenizer.VOCAB_SIZE;
  private long numEpochs = 0;
  private boolean reuseExampleBatch = false;
  private int prefetch = 2;

  InputSettingsBuilder() {}

  InputSettingsBuilder(InputSettings from) {
    datasetType = from.datasetType();
    path = from.path();
    evalPath = from.evalPath();
    evalFraction = from.evalFraction();
    column = from.column();
    tokenizerType = from.tokenizerType();
    tokenizerPath = from.tokenizerPath();
    addBos = from.addBos();
    addEos = from.addEos();
    batchSize = from.batchSize();
    maxTargetLength = from.maxTargetLength();
    packing = from.packing();
    maxSegmentsPerSequence = from.maxSegmentsPerSequence();
    shuffle = from.shuffle();
    seed = from.seed();
    shardIndex = from.shardIndex();
    shardCount = from.shardCount();
    vocabSize = from.vocabSize();
    numEpochs = from.numEpochs();
    reuseExampleBatch = from.reuseExampleBatch();
    prefetch = from.prefetch();
  }

  public InputSettingsBuilder datasetType(DatasetType value) {
    datasetType = value;
    return this;
  }

  public InputSettingsBuilder path(String value) {
    path = value;
    return this;
  }

  public InputSettingsBuilder evalPath(String value) {
    evalPath = value;
    return this;
  }

  public InputSettingsBuilder evalFraction(double value) {
    evalFraction = value;
    return this;
  }

  public InputSettingsBuilder column(String value) {
    column = value;
    return this;
  }

  public InputSettingsBuilder tokenizerType(TokenizerType value) {
    tokenizerType = value;
    return this;
  }

  public InputSettingsBuilder tokenizerPath(String value) {
    tokenizerPath = value;
    return this;
  }

  public InputSettingsBuilder addBos(boolean value) {
    addBos = value;
    return this;
  }

  public InputSettingsBuilder addEos(boolean value) {
    addEos = value;
    return this;
  }

  public InputSettingsBuilder batchSize(int value) {
    batchSize = value;
    return this;
  }

  public InputSettingsBuilder maxTargetLength(int value) {
    maxTargetLength = value;
    return this;
  }

  public InputSettingsBuilder packing(PackingType value) {
    packing = value;
    return this;
  }

  public InputSettingsBuilder maxSegmentsPerSequence(int value) {
    maxSegmentsPerSequence = value;
    return this;
  }

  public InputSettingsBuilder shuffle(boolean value) {
    shuffle = value;
    return this;
  }

  public InputSettingsBuilder seed(long value) {
    seed = value;
    return this;
  }

  public InputSettingsBuilder shardIndex(int value) {
    shardIndex = value;
    return this;
  }

  public InputSettingsBuilder shardCount(int value) {
    shardCount = value;
    return this;
  }

  public InputSettingsBuilder vocabSize(int value) {
    vocabSize = value;
    return this;
  }

  public InputSettingsBuilder numEpochs(long value) {
    numEpochs = value;
    return this;
  }

  public InputSettingsBuilder reuseExampleBatch(boolean value) {
    reuseExampleBatch = value;
    return this;
  }

  public InputSettingsBuilder prefetch(int value) {
    prefetch = value;
    return this;
  }

  /// The settings, checked.
  public InputSettings build() {
    return new InputSettings(
        datasetType,
        path,
        evalPath,
        evalFraction,
        column,
        tokenizerType,
        tokenizerPath,
        addBos,
        addEos,
        batchSize,
        maxTargetLength,
        packing,
        maxSegmentsPerSequence,
        shuffle,
        seed,
        shardIndex,
        shardCount,
        vocabSize,
        numEpochs,
        reuseExampleBatch,
        prefetch);
  }
}
