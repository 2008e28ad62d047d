package jaxon.runtime.cpu.loop;

import java.util.Set;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Facts about reductions.
final class Reductions {
  private Reductions() {}

  /// True when, dims of size 1 aside, the folded dims come before the kept ones.
  static boolean foldsLeading(ReduceOp.Reduce reduce, Shape operand) {
    boolean kept = false;
    for (int dim = 0; dim < operand.rank(); dim++) {
      boolean folded = reduce.dims().contains(dim);
      if (operand.dim(dim) > 1) {
        if (folded && kept) {
          return false;
        }
        kept |= !folded;
      }
    }
    return true;
  }

  /// True when, dims of size 1 aside, the folded dims come after the kept ones.
  static boolean foldsTrailing(ReduceOp.Reduce reduce, Shape operand) {
    boolean foldedBefore = false;
    for (int dim = 0; dim < operand.rank(); dim++) {
      boolean folded = reduce.dims().contains(dim);
      if (operand.dim(dim) > 1) {
        if (!folded && foldedBefore) {
          return false;
        }
        foldedBefore |= folded;
      }
    }
    return true;
  }

  /// What a fold of no floats gives.
  static double neutral(ReduceOp.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case PRODUCT -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
      case AND, OR -> throw new UnsupportedLoopException(kind + " of floats");
    };
  }

  /// What a fold of no integers or `i1` gives, as the long that stands for it.
  static long neutral(ReduceOp.Kind kind, DType dtype) {
    return switch (kind) {
      case SUM, OR -> 0;
      case PRODUCT, AND -> 1;
      case MAX -> dtype.isUnsigned() ? 0 : dtype == DType.I1 ? 0 : -1L << (dtype.bits() - 1);
      case MIN ->
          dtype.isUnsigned()
              ? dtype.wrap(-1)
              : dtype == DType.I1 ? 1 : ~(-1L << (dtype.bits() - 1));
    };
  }

  /// True when `region` folds anything but the given operands.
  static boolean anyBut(Graph region, Set<Var> operands) {
    return region.equations().stream()
        .anyMatch(e -> e.op() instanceof ReduceOp && !operands.contains(e.inputs().getFirst()));
  }
}
