package jaxon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The training and evaluation data, and how it is batched.
public record DataConfig(
    @Key(
            doc = "Where the examples come from.",
            defaultValue = "synthetic",
            notYet = {"tfds", "hf", "grain", "c4_mlperf", "olmo_grain"},
            differs = "MaxText's default is tfds; text, jsonl and parquet are Jaxon's")
        DatasetType datasetType,
    @Key(
            doc =
                "File or directory of the training data. A relative path in a YAML file starts from"
                    + " that file's directory.",
            defaultValue = "",
            base = Key.Base.SETTING_FILE)
        Optional<Path> datasetPath,
    @Key(
            doc = "File or directory of the evaluation data. Empty: see eval_split_fraction.",
            defaultValue = "",
            base = Key.Base.SETTING_FILE)
        Optional<Path> evalDatasetPath,
    @Key(
            doc =
                "Share of the training documents held out for evaluation when eval_dataset_path is empty.",
            defaultValue = "0",
            min = 0,
            max = 0.5)
        double evalSplitFraction,
    @Key(
            doc = "Name of the field that holds the text, for jsonl and parquet, in a list.",
            defaultValue = "[text]")
        List<String> trainDataColumns,
    @Key(
            doc =
                "Sequences in one forward and backward pass for each device. An update takes this times"
                    + " the devices and gradient_accumulation_steps. A fraction, such as 0.5, lets"
                    + " devices share sequences; with the devices it must make whole ones.",
            defaultValue = "12",
            min = 0.0001,
            max = 1 << 16)
        double perDeviceBatchSize,
    @Key(
            doc = "As per_device_batch_size, for evaluation. 0: the same.",
            defaultValue = "0",
            min = 0,
            max = 1 << 16)
        double evalPerDeviceBatchSize,
    @Key(doc = "Tokens in one sequence.", defaultValue = "2048", min = 1, max = 1 << 24)
        int maxTargetLength,
    @Key(
            doc = "Put several documents into one sequence instead of padding each.",
            defaultValue = "true")
        boolean packing,
    @Key(
            doc = "Most documents packed into one sequence.",
            defaultValue = "-1",
            min = 1,
            or = "-1 (no limit)")
        int maxSegmentsPerSeq,
    @Key(doc = "Visit the documents in random order.", defaultValue = "true")
        boolean enableDataShuffling,
    @Key(doc = "Seed of that order.", defaultValue = "0") int dataShuffleSeed,
    @Key(
            doc =
                "Train on the first batch again and again, to measure speed without input: 1 on, 0 off.",
            defaultValue = "0",
            min = 0,
            max = 1)
        int reuseExampleBatch,
    @Key(doc = "How often the data may be gone through.", defaultValue = "1", min = 1)
        int numEpoch) {

  public DataConfig {
    trainDataColumns = List.copyOf(trainDataColumns);
  }

  /// Sequences in one evaluation batch for each device.
  public double evalBatchSize() {
    return evalPerDeviceBatchSize == 0 ? perDeviceBatchSize : evalPerDeviceBatchSize;
  }

  /// Whether there is anything to evaluate on: synthetic data, a path, or a held-out share.
  public boolean hasEvalData() {
    return datasetType == DatasetType.SYNTHETIC
        || evalDatasetPath.isPresent()
        || evalSplitFraction > 0;
  }
}
