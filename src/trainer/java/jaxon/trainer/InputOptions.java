package jaxon.trainer;

import java.nio.file.Path;
import java.util.Optional;
import jaxon.config.Configuration;
import jaxon.config.DataConfig;
import jaxon.input.InputSettings;
import jaxon.input.PackingType;

/// What the input pipeline is told by a configuration.
final class InputOptions {
  /// Batches that are made ahead of the step.
  private static final int PREFETCH = 4;

  private InputOptions() {}

  static InputSettings of(Configuration config) {
    DataConfig data = config.data();
    return InputSettings.builder()
        .datasetType(data.datasetType())
        .path(text(data.datasetPath()))
        .evalPath(text(data.evalDatasetPath()))
        .evalFraction(data.evalSplitFraction())
        .column(data.trainDataColumns().getFirst())
        .tokenizerType(config.tokenizer().tokenizerType())
        .tokenizerPath(text(config.tokenizer().tokenizerPath()))
        .addBos(config.tokenizer().addBos())
        .addEos(config.tokenizer().addEos())
        .batchSize(config.sequencesPerUpdate())
        .maxTargetLength(data.maxTargetLength())
        .packing(data.packing() ? PackingType.FIRST_FIT : PackingType.NONE)
        .maxSegmentsPerSequence(Math.max(0, data.maxSegmentsPerSeq()))
        .shuffle(data.enableDataShuffling())
        .seed(data.dataShuffleSeed())
        .vocabSize(config.model().vocabSize())
        .numEpochs(data.numEpoch())
        .reuseExampleBatch(data.reuseExampleBatch() > 0)
        .prefetch(PREFETCH)
        .build();
  }

  private static String text(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }
}
