package jaxon.trainer;

import java.util.Optional;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;
import jaxon.layers.DTypes;
import jaxon.layers.LinearCrossEntropy;
import jaxon.layers.TokenBatch;

/// The next-token loss of a model on a batch, as sums so that averages are exact however a batch is
/// split.
///
/// @param numVocabTiling see [LinearCrossEntropy]
/// @param order in which the tokens of each sequence are
record LanguageModelLoss(CrossEntropy crossEntropy, int numVocabTiling, TokenOrder order) {
  LanguageModelLoss(CrossEntropy crossEntropy) {
    this(crossEntropy, 1, TokenOrder.IN_ORDER);
  }

  LossSums apply(CausalLm model, TrainBatch batch) {
    Array counted = batch.targetsSegmentation().ne(Ops.constant(DType.I32, 0)); // [B, T]
    TokenBatch inputs =
        order.constant(counted.dim(1)).map(batch.inputs()::in).orElse(batch.inputs());
    Optional<CausalLm.Prediction> prediction = model.predict(inputs);
    return prediction
        .map(p -> ofHidden(p, batch, counted))
        .orElseGet(() -> ofLogits(model.apply(inputs), batch, counted));
  }

  private LossSums ofHidden(CausalLm.Prediction prediction, TrainBatch batch, Array counted) {
    DType precise = DTypes.precise(prediction.output().dotType());
    Array weights = counted.astype(precise);
    LinearCrossEntropy.Sums sums =
        new LinearCrossEntropy(crossEntropy.zLossMultiplier(), numVocabTiling)
            .apply(prediction.output(), prediction.hidden(), batch.targets(), weights);
    return new LossSums(sums.total(), sums.zLoss(), weights.sum());
  }

  private LossSums ofLogits(Array logits, TrainBatch batch, Array counted) {
    CrossEntropy.PerToken loss = crossEntropy.apply(logits, batch.targets()); // [B, T]
    Array weights = counted.astype(loss.xent().dtype());
    return new LossSums(
        loss.xent().mul(weights).sum(), loss.zLoss().mul(weights).sum(), weights.sum());
  }
}
