package jaxon.trainer;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;

/// The next-token loss of a model on a batch, as sums so that averages are exact however a batch is
/// split.
record LanguageModelLoss(double zLossMultiplier) {
  LossSums apply(CausalLm model, TrainBatch batch) {
    Array logits = model.apply(batch.inputs());
    long tokens = batch.targets().shape().elements();
    CrossEntropy.PerToken loss =
        CrossEntropy.apply(
            logits.reshape(tokens, logits.dim(-1)),
            batch.targets().reshape(tokens),
            zLossMultiplier);
    DType dtype = loss.total().dtype();
    Array counted =
        batch.targetsSegmentation().reshape(tokens).ne(Ops.constant(DType.I32, 0)).astype(dtype);
    return new LossSums(
        loss.total().mul(counted).sum(), loss.zLoss().mul(counted).sum(), counted.sum());
  }
}
