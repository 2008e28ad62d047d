package jaxon.runtime.cpu.attention;

import jaxon.runtime.cpu.tile.Exp2;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.cpu.tile.LogitTile;
import jdk.incubator.vector.FloatVector;

/// The elementwise part of attention backward, on a tile whose rows are keys and whose columns are
/// queries, so that what belongs to a query is loaded as a vector.
///
/// `weights = 2^(factor · logit - lse)` and `slopes = weights · (dWeights - delta)`, times the
/// slope of the cap if there is one. In f32 the results take the place of the operands.
///
/// @param rowStride elements from one row of each tile to the next
/// @param isBf16 whether results are stored as bf16, otherwise as f32
record GradientTile(int rowStride, LogitTile form, boolean isBf16) {
  private static final int FLOAT = Float.BYTES;

  /// Addresses of the tiles and of the vectors along the queries.
  ///
  /// @param logits products or, where [LogitTile#rewrites], logits in units of log 2
  /// @param dWeights cotangents of the weights
  /// @param lse log-sum-exps in units of log 2
  /// @param delta sums of the results times their cotangents
  void apply(
      long logits,
      long dWeights,
      long weights,
      long slopes,
      int rows,
      int columns,
      long lse,
      long delta) {
    int width = isBf16 ? Short.BYTES : FLOAT;
    float factor = form.factor();
    for (int i = 0; i < rows; i++) {
      long in = (long) i * rowStride * FLOAT;
      long out = (long) i * rowStride * width;
      if (form.softCap() != 0) {
        capped(logits + in, dWeights + in, weights + out, slopes + out, columns, lse, delta);
      } else if (isBf16) {
        bf16(logits + in, dWeights + in, weights + out, slopes + out, columns, factor, lse, delta);
      } else {
        f32(logits + in, dWeights + in, weights + out, slopes + out, columns, factor, lse, delta);
      }
    }
  }

  private static void bf16(
      long logits,
      long dWeights,
      long weights,
      long slopes,
      int columns,
      float factor,
      long lse,
      long delta) {
    FloatVector scale = FloatVector.broadcast(Lanes.F32, factor);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      long at = (long) j * FLOAT;
      FloatVector exponent = Lanes.load(logits + at).mul(scale).sub(Lanes.load(lse + at));
      FloatVector p = Exp2.coarse(exponent);
      FloatVector d = p.mul(Lanes.load(dWeights + at).sub(Lanes.load(delta + at)));
      Lanes.storeBf16Fast(p, weights + (long) j * Short.BYTES);
      Lanes.storeBf16Fast(d, slopes + (long) j * Short.BYTES);
    }
  }

  private static void f32(
      long logits,
      long dWeights,
      long weights,
      long slopes,
      int columns,
      float factor,
      long lse,
      long delta) {
    FloatVector scale = FloatVector.broadcast(Lanes.F32, factor);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      long at = (long) j * FLOAT;
      FloatVector exponent = Lanes.load(logits + at).mul(scale).sub(Lanes.load(lse + at));
      FloatVector p = Exp2.fine(exponent);
      FloatVector d = p.mul(Lanes.load(dWeights + at).sub(Lanes.load(delta + at)));
      Lanes.store(p, weights + at);
      Lanes.store(d, slopes + at);
    }
  }

  private void capped(
      long logits, long dWeights, long weights, long slopes, int columns, long lse, long delta) {
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      long at = (long) j * FLOAT;
      FloatVector logit = Lanes.load(logits + at);
      FloatVector p = Exp2.fine(logit.sub(Lanes.load(lse + at)));
      FloatVector slope = form.slope(logit);
      FloatVector d = p.mul(Lanes.load(dWeights + at).sub(Lanes.load(delta + at))).mul(slope);
      if (isBf16) {
        Lanes.storeBf16Fast(p, weights + (long) j * Short.BYTES);
        Lanes.storeBf16Fast(d, slopes + (long) j * Short.BYTES);
      } else {
        Lanes.store(p, weights + at);
        Lanes.store(d, slopes + at);
      }
    }
  }
}
