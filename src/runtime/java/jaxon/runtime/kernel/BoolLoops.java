package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.BYTE;

import jaxon.graph.op.BinaryOp;

/// Logic on `i1` as loops: ND4J's is wrong when one operand is a scalar.
public final class BoolLoops {
  private BoolLoops() {}

  /// AND, OR or XOR of two tensors.
  public static HostLoop.ChunkKernel binary(BinaryOp op) {
    return (lanes, at, step, count) -> {
      for (int i = 0; i < count; i++) {
        byte x = ALL.get(BYTE, at[0] + i * step[0]);
        byte y = ALL.get(BYTE, at[1] + i * step[1]);
        int z =
            switch (op) {
              case AND -> x & y;
              case OR -> x | y;
              case XOR -> x ^ y;
              default -> throw new IllegalArgumentException(op + " of i1");
            };
        ALL.set(BYTE, at[2] + i, (byte) z);
      }
    };
  }

  /// The negation of a tensor.
  public static void not(Lanes lanes, long[] at, long[] step, int count) {
    for (int i = 0; i < count; i++) {
      ALL.set(BYTE, at[1] + i, (byte) (ALL.get(BYTE, at[0] + i * step[0]) ^ 1));
    }
  }
}
