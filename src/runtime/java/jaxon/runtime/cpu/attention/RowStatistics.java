package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.Layout;

/// What the backward pass needs to know of each query: the log-sum-exp of its logits in units of
/// log 2, and δ, the sum of its result times the cotangent of it. Two arrays `[B, H, T]` in scratch
/// memory, their rows padded to whole vectors.
final class RowStatistics {
  private static final int FLOAT = Float.BYTES;
  private static final double LOG2_E = 1 / Math.log(2);

  private final AttentionShape shape;
  private final HeadLayout out;
  private final HeadLayout dOut;
  private final Layout lse;
  private final RowDots dots;
  private final int padded;
  private long scratch;

  private final int workers;

  RowStatistics(AttentionShape shape, HeadLayout out, Layout lse, HeadLayout dOut, int workers) {
    this.workers = workers;
    this.shape = shape;
    this.out = out;
    this.lse = lse;
    this.dOut = dOut;
    dots = new RowDots(shape.dtype(), shape.headDim());
    padded = Lanes.padded(shape.queries());
  }

  long bytes() {
    return 2 * half() + (long) workers * spareBytes();
  }

  private static long spareBytes() {
    return PieceNumbers.align((long) Lanes.COUNT * FLOAT);
  }

  private long half() {
    return PieceNumbers.align((long) shape.batch() * shape.heads() * padded * FLOAT);
  }

  void use(long scratch) {
    this.scratch = scratch;
  }

  long lse(int b, int head, int row) {
    return scratch + (((long) b * shape.heads() + head) * padded + row) * FLOAT;
  }

  long delta(int b, int head, int row) {
    return lse(b, head, row) + half();
  }

  /// Computes both for some queries, all heads of them.
  void compute(long outAt, long lseAt, long dOutAt, int b, int from, int to, int worker) {
    long spare = scratch + 2 * half() + worker * spareBytes();
    for (int t = from; t < to; t++) {
      for (int head = 0; head < shape.heads(); head++) {
        float delta = dots.dot(out.at(outAt, b, t, head), dOut.at(dOutAt, b, t, head), spare);
        HostMemory.ALL.set(HostMemory.FLOAT, delta(b, head, t), delta);
        long source =
            lseAt
                + (b * lse.strides().get(0)
                        + head * lse.strides().get(1)
                        + t * lse.strides().get(2))
                    * FLOAT;
        float value = HostMemory.ALL.get(HostMemory.FLOAT, source);
        HostMemory.ALL.set(HostMemory.FLOAT, lse(b, head, t), (float) (value * LOG2_E));
      }
    }
  }

  /// Derivative of a head's sink logit: -Σ exp(sink - lse) · δ over its queries.
  float sinkGradient(float sink, int head) {
    double sum = 0;
    for (int b = 0; b < shape.batch(); b++) {
      for (int t = 0; t < shape.queries(); t++) {
        double log = HostMemory.ALL.get(HostMemory.FLOAT, lse(b, head, t)) / LOG2_E;
        sum += Math.exp(sink - log) * HostMemory.ALL.get(HostMemory.FLOAT, delta(b, head, t));
      }
    }
    return (float) -sum;
  }
}
