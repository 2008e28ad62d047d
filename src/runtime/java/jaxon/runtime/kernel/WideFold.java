package jaxon.runtime.kernel;

import jaxon.graph.interpret.ReduceKernel;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.type.DType;

/// Folds of the rows of a tensor of any dtype: floats in double, the rest in long; rounded once.
public final class WideFold {
  private WideFold() {}

  /// The fold of rows of `dtype`.
  public static Rows.Fold of(Kind kind, DType dtype) {
    return dtype.isFloat() ? floats(kind, dtype) : integers(kind, dtype);
  }

  private static Rows.Fold floats(Kind kind, DType dtype) {
    return (row, step, columns, target) -> {
      double[] lane = Lanes.ofThread().doubles(0);
      double folded = ReduceKernel.neutral(kind);
      for (long start = 0; start < columns; start += Lanes.CHUNK) {
        int count = (int) Math.min(Lanes.CHUNK, columns - start);
        Elements.load(dtype, row + start * step, step / dtype.bytes(), lane, count);
        for (int i = 0; i < count; i++) {
          folded = ReduceKernel.fold(kind, folded, lane[i]);
        }
      }
      lane[0] = folded;
      Elements.store(dtype, lane, target, 1);
    };
  }

  private static Rows.Fold integers(Kind kind, DType dtype) {
    return (row, step, columns, target) -> {
      long[] lane = Lanes.ofThread().longs(0);
      long folded = ReduceKernel.neutral(kind, dtype);
      for (long start = 0; start < columns; start += Lanes.CHUNK) {
        int count = (int) Math.min(Lanes.CHUNK, columns - start);
        Elements.load(dtype, row + start * step, step / dtype.bytes(), lane, count);
        for (int i = 0; i < count; i++) {
          folded = ReduceKernel.fold(kind, dtype, folded, lane[i]);
        }
      }
      lane[0] = folded;
      Elements.store(dtype, lane, target, 1);
    };
  }
}
