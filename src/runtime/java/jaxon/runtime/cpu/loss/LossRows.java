package jaxon.runtime.cpu.loss;

import jaxon.runtime.cpu.tile.Exp2;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.cpu.tile.LogitTile;
import jdk.incubator.vector.FloatVector;

/// The elementwise part of the loss: passes over a block of logits, row by row.
///
/// With gradients the powers `2^(logit - maximum of the block)` are kept, in the type of the
/// operands: later they need only a factor, not another exponential of logits from memory.
///
/// @param form from products to logits in units of log 2
/// @param isBf16 whether powers are kept as bf16, otherwise as f32
record LossRows(LogitTile form, boolean isBf16) {
  private static final int FLOAT = Float.BYTES;

  /// The maximum of a row's logits, and the sum of the powers as a vector (see [Lanes#sum]).
  float statistics(long row, int columns, long sum) {
    float largest = Lanes.largest(row, columns) * form.factor();
    sum(row, columns, form.factor(), largest, sum);
    return largest;
  }

  /// The same, keeping the powers, times the slope of the cap if there is one.
  float keepPowers(long row, int columns, long sum, long powers) {
    float factor = form.factor();
    float largest = Lanes.largest(row, columns) * factor;
    if (form.softCap() != 0) {
      capped(row, columns, largest, sum, powers);
    } else if (isBf16) {
      bf16(row, columns, factor, largest, sum, powers);
    } else {
      f32(row, columns, factor, largest, sum, powers);
    }
    return largest;
  }

  private static void sum(long row, int columns, float factor, float largest, long sum) {
    FloatVector total = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      total = total.add(Exp2.fine(Lanes.load(row + (long) j * FLOAT).fma(factor, -largest)));
    }
    Lanes.store(total, sum);
  }

  private static void bf16(
      long row, int columns, float factor, float largest, long sum, long powers) {
    FloatVector total = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      FloatVector p = Exp2.fine(Lanes.load(row + (long) j * FLOAT).fma(factor, -largest));
      total = total.add(p);
      Lanes.storeBf16Fast(p, powers + (long) j * Short.BYTES);
    }
    Lanes.store(total, sum);
  }

  private static void f32(
      long row, int columns, float factor, float largest, long sum, long powers) {
    FloatVector total = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      FloatVector p = Exp2.fine(Lanes.load(row + (long) j * FLOAT).fma(factor, -largest));
      total = total.add(p);
      Lanes.store(p, powers + (long) j * FLOAT);
    }
    Lanes.store(total, sum);
  }

  private void capped(long row, int columns, float largest, long sum, long powers) {
    FloatVector total = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      FloatVector logit = Lanes.load(row + (long) j * FLOAT);
      FloatVector p = Exp2.fine(logit.sub(largest));
      total = total.add(p);
      FloatVector x = p.mul(form.slope(logit));
      if (isBf16) {
        Lanes.storeBf16Fast(x, powers + (long) j * Short.BYTES);
      } else {
        Lanes.store(x, powers + (long) j * FLOAT);
      }
    }
    Lanes.store(total, sum);
  }

  /// Makes powers the cotangents of a row's products without the target's part.
  void scale(long powers, int columns, float factor) {
    if (isBf16) {
      for (int j = 0; j < columns; j += Lanes.COUNT) {
        long at = powers + (long) j * Short.BYTES;
        Lanes.storeBf16Fast(Lanes.loadBf16(at).mul(factor), at);
      }
    } else {
      for (int j = 0; j < columns; j += Lanes.COUNT) {
        long at = powers + (long) j * FLOAT;
        Lanes.store(Lanes.load(at).mul(factor), at);
      }
    }
  }
}
