package jaxon.trainer;

import jaxon.config.Configuration;
import jaxon.config.ModelConfig;
import jaxon.trainer.metrics.ModelShape;

/// The sizes that the FLOP formula needs, from a configuration.
final class ModelShapes {
  private ModelShapes() {}

  static ModelShape of(Configuration config) {
    ModelConfig model = config.model();
    return new ModelShape(
        model.numDecoderLayers(),
        model.embDim(),
        model.mlpDim(),
        model.mlpActivations().size(),
        model.numQueryHeads(),
        model.numKvHeads(),
        model.headDim(),
        model.vocabSize(),
        config.data().maxTargetLength());
  }
}
