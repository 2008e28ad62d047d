package jaxon.runtime.cpu.loop;

import static jaxon.runtime.cpu.loop.LaneMemory.ALL;

import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;

/// Combines the tasks' results of total outputs, in the order of the tasks, and writes them.
final class Totals {
  private Totals() {}

  static void combine(Lowered lowered, long[] args) {
    for (int i = 0; i < lowered.totals().size(); i++) {
      PartialResults.Total total = lowered.totals().get(i);
      long results = args[total.parameter()];
      long output = args[lowered.inputs() + total.output()];
      DType dtype = total.fold().dtype();
      if (dtype.isFloat()) {
        store(dtype, output, floats(total.fold().kind(), results, lowered.tasks().count()));
      } else {
        store(dtype, output, longs(total.fold(), results, lowered.tasks().count()));
      }
    }
  }

  private static double floats(ReduceOp.Kind kind, long results, int count) {
    double folded = Reductions.neutral(kind);
    for (int i = 0; i < count; i++) {
      double next = ALL.get(LaneMemory.DOUBLE, results + 8L * i);
      folded =
          switch (kind) {
            case SUM -> folded + next;
            case PRODUCT -> folded * next;
            case MAX -> Math.max(folded, next);
            case MIN -> Math.min(folded, next);
            case AND, OR -> throw new IllegalStateException(kind + " of floats");
          };
    }
    return folded;
  }

  private static long longs(Fold fold, long results, int count) {
    boolean unsigned = fold.dtype() == DType.UI64;
    long folded = Reductions.neutral(fold.kind(), fold.dtype());
    for (int i = 0; i < count; i++) {
      long next = ALL.get(LaneMemory.LONG, results + 8L * i);
      folded =
          switch (fold.kind()) {
            case SUM -> folded + next;
            case PRODUCT -> folded * next;
            case MAX -> unsigned ? ScalarOps.maxUnsigned(folded, next) : Math.max(folded, next);
            case MIN -> unsigned ? ScalarOps.minUnsigned(folded, next) : Math.min(folded, next);
            case AND -> folded & next;
            case OR -> folded | next;
          };
    }
    return folded;
  }

  private static void store(DType dtype, long address, double value) {
    switch (dtype) {
      case F64 -> ALL.set(LaneMemory.DOUBLE, address, value);
      case F32 -> ALL.set(LaneMemory.FLOAT, address, (float) value);
      case BF16 -> ALL.set(LaneMemory.SHORT, address, Bf16.fromDouble(value));
      case F16 ->
          ALL.set(LaneMemory.SHORT, address, Float.floatToFloat16((float) dtype.round(value)));
      case I1, I8, I32, I64, UI8, UI32, UI64 -> throw new IllegalStateException(dtype.text());
    }
  }

  private static void store(DType dtype, long address, long value) {
    switch (dtype.bytes()) {
      case 1 -> ALL.set(LaneMemory.BYTE, address, (byte) dtype.wrap(value));
      case 4 -> ALL.set(LaneMemory.INT, address, (int) value);
      default -> ALL.set(LaneMemory.LONG, address, value);
    }
  }
}
