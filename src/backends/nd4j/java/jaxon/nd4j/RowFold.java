package jaxon.nd4j;

import static jaxon.nd4j.HostMemory.ALL;
import static jaxon.nd4j.HostMemory.BYTE;
import static jaxon.nd4j.HostMemory.INT;

import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.type.DType;

/// Folds of the rows of `i32` and `i1` tensors; ND4J's maximum misses the smallest integer.
record RowFold(Kind kind, Rows rows) implements Kernel {
  /// True for the dtypes that this kernel can fold.
  static boolean folds(DType dtype) {
    return dtype == DType.I32 || dtype == DType.I1;
  }

  @Override
  public void run() {
    if (rows.source().dtype() == DType.I1) {
      rows.forEach((row, target) -> ALL.set(BYTE, target, (byte) (foldBools(row) ? 1 : 0)));
    } else {
      rows.forEach((row, target) -> ALL.set(INT, target, foldInts(row)));
    }
  }

  private boolean foldBools(long row) {
    boolean and = kind == Kind.AND;
    for (long i = 0; i < rows.columns(); i++) {
      if (ALL.get(BYTE, row + i * rows.stepBytes()) != 0 != and) {
        return !and;
      }
    }
    return and;
  }

  private int foldInts(long row) {
    long step = rows.stepBytes();
    int result = ALL.get(INT, row);
    for (long i = 1; i < rows.columns(); i++) {
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
