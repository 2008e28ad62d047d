package jaxon.trainer;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.layers.CausalLm;
import jaxon.trainer.optim.GlobalNorm;
import jaxon.trainer.optim.Optimizer;
import jaxon.trainer.optim.Schedule;

/// One update as a traced function: forward, loss, [Grad#valueAndGrad], clip, optimizer.
///
/// @param clipThreshold limit of the gradients' global norm; 0 leaves them as they are
/// @param copies which parameters the model reads in its compute type
record TrainStep(
    LanguageModelLoss loss,
    GradientAccumulation accumulation,
    double clipThreshold,
    Schedule schedule,
    Optimizer optimizer,
    ComputeCopies copies) {
  /// The state after the step, and its metrics as [StepMetrics] packs them.
  record Result<M>(TrainState<M> state, Array metrics) {}

  /// A state and the batch to train it on.
  record Input<M>(TrainState<M> state, TrainBatch batch) {}

  <M extends CausalLm> Result<M> apply(Input<M> input) {
    TrainState<M> state = input.state();
    GradientAccumulation.Result<M> result =
        accumulation.run(copies.use(state.params(), state.copies()), input.batch(), loss::apply);
    Array rawNorm = GlobalNorm.of(result.grads());
    boolean clips = clipThreshold > 0;
    M grads = clips ? GlobalNorm.clip(result.grads(), rawNorm, clipThreshold) : result.grads();
    Array norm = clips ? rawNorm.min(clipThreshold) : rawNorm;
    Array learningRate = schedule.at(state.step());
    Optimizer.Update<M> update =
        optimizer.update(state.params(), grads, state.moments(), learningRate, state.step());
    TrainState<M> next =
        new TrainState<>(
            update.params(), update.moments(), state.step().add(1), copies.take(update.params()));
    Array metrics =
        StepMetrics.pack(
            result.sums(), norm, rawNorm, GlobalNorm.of(update.params()), learningRate);
    return new Result<>(next, metrics);
  }

  /// The state before the first step.
  <M> TrainState<M> init(M params) {
    Array zero = Ops.constant(DType.I32, 0);
    return new TrainState<>(params, optimizer.init(params), zero, copies.take(params));
  }
}
