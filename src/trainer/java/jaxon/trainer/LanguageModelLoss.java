package jaxon.trainer;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;

/// The next-token loss of a model on a batch, as sums so that averages are exact however a batch is
/// split.
record LanguageModelLoss(CrossEntropy crossEntropy) {
  LossSums apply(CausalLm model, TrainBatch batch) {
    Array logits = model.apply(batch.inputs()); // [B, T, V]
    CrossEntropy.PerToken loss = crossEntropy.apply(logits, batch.targets()); // [B, T]
    Array none = Ops.constant(DType.I32, 0);
    Array counted = batch.targetsSegmentation().ne(none).astype(loss.xent().dtype());
    return new LossSums(
        loss.xent().mul(counted).sum(), loss.zLoss().mul(counted).sum(), counted.sum());
  }
}
