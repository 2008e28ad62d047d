package jaxon.trainer.optim;

import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Tree;

/// Plain stochastic gradient descent: `p - rate · g`.
public record Sgd() implements Optimizer {
  @Override
  public <M> List<M> init(M params) {
    return List.of();
  }

  @Override
  public <M> Update<M> update(M params, M grads, List<M> moments, Array learningRate, Array step) {
    M updated =
        Tree.map(
            params,
            grads,
            (p, g) -> p.sub(g.astype(p.dtype()).mul(learningRate.astype(p.dtype()))));
    return new Update<>(updated, List.of());
  }
}
