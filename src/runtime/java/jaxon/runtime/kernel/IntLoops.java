package jaxon.runtime.kernel;

import jaxon.graph.op.BinaryOp;

/// Shifts of 32-bit integers as loops over arrays: StableHLO defines shifts by the width or more,
/// which ND4J leaves open.
public final class IntLoops {
  private IntLoops() {}

  public static boolean has(BinaryOp op) {
    return op == BinaryOp.SHIFT_LEFT
        || op == BinaryOp.SHIFT_RIGHT_LOGICAL
        || op == BinaryOp.SHIFT_RIGHT_ARITHMETIC;
  }

  public static HostLoop.ChunkKernel binary(BinaryOp op) {
    return (lanes, addresses, strides, count) -> {
      int[] x = lanes.loadInts(0, addresses[0], strides[0], count);
      int[] y = lanes.loadInts(1, addresses[1], strides[1], count);
      int[] z = lanes.ints(2);
      switch (op) {
        case SHIFT_LEFT -> shiftLeft(x, y, z, count);
        case SHIFT_RIGHT_LOGICAL -> shiftRightLogical(x, y, z, count);
        case SHIFT_RIGHT_ARITHMETIC -> shiftRightArithmetic(x, y, z, count);
        default -> throw new IllegalArgumentException("no loop for " + op);
      }
      Lanes.store(z, addresses[2], count);
    };
  }

  private static boolean isInRange(int amount) {
    return Integer.compareUnsigned(amount, 32) < 0;
  }

  private static void shiftLeft(int[] x, int[] y, int[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = isInRange(y[i]) ? x[i] << y[i] : 0;
    }
  }

  private static void shiftRightLogical(int[] x, int[] y, int[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = isInRange(y[i]) ? x[i] >>> y[i] : 0;
    }
  }

  private static void shiftRightArithmetic(int[] x, int[] y, int[] z, int count) {
    for (int i = 0; i < count; i++) {
      z[i] = x[i] >> (isInRange(y[i]) ? y[i] : 31);
    }
  }
}
