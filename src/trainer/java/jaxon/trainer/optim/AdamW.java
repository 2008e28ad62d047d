package jaxon.trainer.optim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;

/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay
/// regularization", 2019).
///
/// `m = b1·m + (1-b1)·g`, `v = b2·v + (1-b2)·g²`, `p -= rate · (m̂ / (√(v̂ + epsRoot) + eps) +
/// decay · p)`, where the hats divide by `1 - b^t` for step `t` counted from 1. All parameters
/// decay, as in MaxText.
///
/// @param muDtype type that the first moment is stored in
public record AdamW(
    double b1, double b2, double eps, double epsRoot, double weightDecay, DType muDtype)
    implements Optimizer {
  @Override
  public <M> List<M> init(M params) {
    M mu = Tree.map(params, p -> Ops.zeros(p.type().withDType(muDtype)));
    M nu = Tree.map(params, p -> Ops.zeros(p.type()));
    return List.of(mu, nu);
  }

  @Override
  public <M> Update<M> update(M params, M grads, List<M> moments, Array learningRate, Array step) {
    boolean wide = Tree.leaves(params).stream().anyMatch(p -> p.dtype() == DType.F64);
    Array t = step.astype(wide ? DType.F64 : DType.F32).add(1.0);
    Array correction1 = biasCorrection(b1, t);
    Array correction2 = biasCorrection(b2, t);
    Iterator<Array> g = Tree.leaves(grads).iterator();
    Iterator<Array> m = Tree.leaves(moments.get(0)).iterator();
    Iterator<Array> v = Tree.leaves(moments.get(1)).iterator();
    List<Array> newParams = new ArrayList<>();
    List<Array> newMu = new ArrayList<>();
    List<Array> newNu = new ArrayList<>();
    for (Array p : Tree.leaves(params)) {
      DType dtype = p.dtype();
      Array grad = g.next().astype(dtype);
      Array mu = m.next().astype(dtype).mul(b1).add(grad.mul(1 - b1));
      Array nu = v.next().mul(b2).add(grad.square().mul(1 - b2));
      Array mean = mu.mul(correction1.astype(dtype));
      Array scale = nu.mul(correction2.astype(dtype)).add(epsRoot).sqrt().add(eps);
      Array update = mean.div(scale).add(p.mul(weightDecay));
      newParams.add(p.sub(update.mul(learningRate.astype(dtype))));
      newMu.add(mu.astype(muDtype));
      newNu.add(nu);
    }
    M mu = Tree.rebuild(moments.get(0), newMu);
    M nu = Tree.rebuild(moments.get(1), newNu);
    return new Update<>(Tree.rebuild(params, newParams), List.of(mu, nu));
  }

  /// 1 / (1 - b^t), in the type of `t`.
  private static Array biasCorrection(double b, Array t) {
    Array one = Ops.constant(t.dtype(), 1.0);
    return one.div(one.sub(Ops.constant(t.dtype(), b).pow(t)));
  }
}
