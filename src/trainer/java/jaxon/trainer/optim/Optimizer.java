package jaxon.trainer.optim;

import java.util.List;
import jaxon.config.Configuration;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.layers.DTypes;

/// Turns gradients into new parameters. Its state is a list of moments, each a tree like the
/// parameters.
public sealed interface Optimizer permits AdamW, Sgd {
  /// New parameters and moments.
  record Update<M>(M params, List<M> moments) {}

  /// The moments before the first step.
  <M> List<M> init(M params);

  /// One step. `step` (`i32[]`) counts from 0; `learningRate` is `f32[]`; gradients have the
  /// parameters' structure.
  <M> Update<M> update(M params, M grads, List<M> moments, Array learningRate, Array step);

  /// The optimizer that `opt_type` names.
  static Optimizer of(Configuration config) {
    return switch (config.optimizer().optType()) {
      case ADAMW -> {
        DType muDtype = DTypes.of(config.muDtype());
        yield new AdamW(
            config.optimizer().adamB1(),
            config.optimizer().adamB2(),
            config.optimizer().adamEps(),
            config.optimizer().adamEpsRoot(),
            config.optimizer().adamWeightDecay(),
            muDtype);
      }
      case SGD -> new Sgd();
    };
  }
}
