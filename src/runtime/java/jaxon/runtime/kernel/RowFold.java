package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.BYTE;
import static jaxon.runtime.host.HostMemory.INT;

import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.type.DType;

/// Folds of the rows of `i32` and `i1` tensors.
public final class RowFold {
  private RowFold() {}

  /// True for the dtypes that are folded here.
  public static boolean folds(DType dtype) {
    return dtype == DType.I32 || dtype == DType.I1;
  }

  /// The fold of rows of `dtype`.
  public static Rows.Fold of(Kind kind, DType dtype) {
    return dtype == DType.I1
        ? (row, step, columns, target) ->
            ALL.set(BYTE, target, (byte) (bools(kind, row, step, columns) ? 1 : 0))
        : (row, step, columns, target) -> ALL.set(INT, target, ints(kind, row, step, columns));
  }

  private static boolean bools(Kind kind, long row, long step, long columns) {
    boolean and = kind == Kind.AND;
    for (long i = 0; i < columns; i++) {
      if (ALL.get(BYTE, row + i * step) != 0 != and) {
        return !and;
      }
    }
    return and;
  }

  private static int ints(Kind kind, long row, long step, long columns) {
    int result = ALL.get(INT, row);
    for (long i = 1; i < columns; i++) {
      int x = ALL.get(INT, row + i * step);
      result =
          switch (kind) {
            case SUM -> result + x;
            case PRODUCT -> result * x;
            case MAX -> Math.max(result, x);
            case MIN -> Math.min(result, x);
            case AND, OR -> throw new IllegalStateException(kind + " of i32");
          };
    }
    return result;
  }
}
