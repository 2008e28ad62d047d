package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Exp2;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;

/// The elementwise part of attention forward: a tile of logits becomes weights, with the running
/// maximum and sum of each row (Milakov and Gimelshein, "Online normalizer calculation for
/// softmax", 2018). A sum is kept as a vector, whose lanes [Lanes#sum] adds up at the end.
///
/// Each pass is a method of its own with all its loops inside: the compiler of the virtual machine
/// inlines only so much into one method, and vectors that cross a call are boxed.
///
/// Logits, maxima and log-sums are in units of log 2. All tiles are row-major in scratch memory and
/// their rows are padded to whole vectors; padded logits are -infinity.
///
/// @param rowStride elements from one row of the tile to the next
/// @param outStride floats from one row of the accumulated result to the next, which is its width
/// @param isBf16 whether weights are stored as bf16, otherwise as f32
record SoftmaxTile(int rowStride, int outStride, boolean isBf16) {
  /// A maximum below every logit that counts; finite, so that its difference to itself is 0.
  static final float NONE = -3e38f;

  private static final int FLOAT = Float.BYTES;
  private static final double LN_2 = Math.log(2);

  /// Sets the state of `rows` rows to nothing seen.
  void reset(long max, long sum, long out, int rows) {
    for (int i = 0; i < rows; i++) {
      HostMemory.ALL.set(HostMemory.FLOAT, max + (long) i * FLOAT, NONE);
    }
    FloatVector zero = FloatVector.zero(Lanes.F32);
    for (int i = 0; i < rows * Lanes.COUNT; i += Lanes.COUNT) {
      Lanes.store(zero, sum + (long) i * FLOAT);
    }
    for (int i = 0; i < rows * outStride; i += Lanes.COUNT) {
      Lanes.store(zero, out + (long) i * FLOAT);
    }
  }

  /// Takes in `columns` (whole vectors) more logits of each row: `weights = 2^(factor · logit -
  /// max)`, where `max` grows to the row's new maximum; `sum` and `out` are scaled to it.
  void update(
      long logits,
      long weights,
      int rows,
      int columns,
      float factor,
      long max,
      long sum,
      long out) {
    for (int i = 0; i < rows; i++) {
      float largest = Lanes.largest(logits + (long) i * rowStride * FLOAT, columns) * factor;
      long stat = (long) i * FLOAT;
      float old = HostMemory.ALL.get(HostMemory.FLOAT, max + stat);
      if (largest > old) {
        float rescale = (float) Math.exp((old - largest) * LN_2);
        scale(out + (long) i * outStride * FLOAT, outStride, rescale);
        scale(sum + stat * Lanes.COUNT, Lanes.COUNT, rescale);
        HostMemory.ALL.set(HostMemory.FLOAT, max + stat, largest);
      }
    }
    if (isBf16) {
      bf16(logits, weights, rowStride, rows, columns, factor, max, sum);
    } else {
      f32(logits, weights, rowStride, rows, columns, factor, max, sum);
    }
  }

  private static void bf16(
      long logits,
      long weights,
      int stride,
      int rows,
      int columns,
      float factor,
      long max,
      long sum) {
    for (int i = 0; i < rows; i++) {
      long stat = (long) i * FLOAT;
      long row = logits + (long) i * stride * FLOAT;
      long target = weights + (long) i * stride * Short.BYTES;
      float shift = -HostMemory.ALL.get(HostMemory.FLOAT, max + stat);
      FloatVector total = Lanes.load(sum + stat * Lanes.COUNT);
      for (int j = 0; j < columns; j += Lanes.COUNT) {
        FloatVector x = Lanes.load(row + (long) j * FLOAT);
        FloatVector y = Exp2.coarse(x.fma(factor, shift));
        total = total.add(y);
        Lanes.storeBf16Fast(y, target + (long) j * Short.BYTES);
      }
      Lanes.store(total, sum + stat * Lanes.COUNT);
    }
  }

  private static void f32(
      long logits,
      long weights,
      int stride,
      int rows,
      int columns,
      float factor,
      long max,
      long sum) {
    for (int i = 0; i < rows; i++) {
      long stat = (long) i * FLOAT;
      long row = logits + (long) i * stride * FLOAT;
      long target = weights + (long) i * stride * FLOAT;
      float shift = -HostMemory.ALL.get(HostMemory.FLOAT, max + stat);
      FloatVector total = Lanes.load(sum + stat * Lanes.COUNT);
      for (int j = 0; j < columns; j += Lanes.COUNT) {
        FloatVector x = Lanes.load(row + (long) j * FLOAT);
        FloatVector y = Exp2.fine(x.fma(factor, shift));
        total = total.add(y);
        Lanes.store(y, target + (long) j * FLOAT);
      }
      Lanes.store(total, sum + stat * Lanes.COUNT);
    }
  }

  private static void scale(long row, int columns, float by) {
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      long at = row + (long) j * FLOAT;
      Lanes.store(Lanes.load(at).mul(by), at);
    }
  }
}
