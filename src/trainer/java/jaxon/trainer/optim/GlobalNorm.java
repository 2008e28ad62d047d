package jaxon.trainer.optim;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;

/// The Euclidean norm of a whole tree, and clipping by it (Pascanu et al., 2013).
public final class GlobalNorm {
  private GlobalNorm() {}

  /// √ of the sum of all squares (`f32[]`, or `f64[]` when a leaf is float64).
  public static Array of(Object tree) {
    boolean wide = Tree.leaves(tree).stream().anyMatch(leaf -> leaf.dtype() == DType.F64);
    DType dtype = wide ? DType.F64 : DType.F32;
    return Tree.leaves(tree).stream()
        .map(leaf -> leaf.astype(dtype).square().sum())
        .reduce(Ops.constant(dtype, 0), Array::add)
        .sqrt();
  }

  /// The tree times `min(1, threshold / norm)`; `norm` is that of the tree.
  public static <M> M clip(M tree, Array norm, double threshold) {
    Array limit = Ops.constant(norm.dtype(), threshold);
    Array factor = norm.gt(limit).select(limit.div(norm), Ops.constant(norm.dtype(), 1.0));
    return Tree.map(tree, leaf -> leaf.astype(norm.dtype()).mul(factor).astype(leaf.dtype()));
  }
}
