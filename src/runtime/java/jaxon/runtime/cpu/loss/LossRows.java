package jaxon.runtime.cpu.loss;

import jaxon.runtime.cpu.tile.Exp2;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.cpu.tile.LogitTile;
import jaxon.runtime.host.HostMemory;
import jdk.incubator.vector.FloatVector;

/// The elementwise part of the loss: passes over a block of logits, row by row.
///
/// @param form from products to logits in units of log 2
record LossRows(LogitTile form) {
  private static final int FLOAT = Float.BYTES;

  /// The maximum of each row's logits and the sum of 2^(logit - maximum), into an array of floats
  /// and one of vectors (see [Lanes#sum]).
  void statistics(long tile, int stride, int rows, int columns, long max, long sum) {
    float factor = form.factor();
    for (int i = 0; i < rows; i++) {
      long row = tile + (long) i * stride * FLOAT;
      float largest = Lanes.largest(row, columns) * factor;
      HostMemory.ALL.set(HostMemory.FLOAT, max + (long) i * FLOAT, largest);
      sum(row, columns, factor, largest, sum + (long) i * Lanes.COUNT * FLOAT);
    }
  }

  private static void sum(long row, int columns, float factor, float largest, long sum) {
    FloatVector total = FloatVector.zero(Lanes.F32);
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      total = total.add(Exp2.fine(Lanes.load(row + (long) j * FLOAT).fma(factor, -largest)));
    }
    Lanes.store(total, sum);
  }

  /// Cotangents of a row's products without the target's part: `coefficient · 2^(logit - lse)`,
  /// times the slope of the cap.
  void slopes(long row, long target, int columns, float lse, float coefficient, boolean isBf16) {
    if (form.softCap() != 0) {
      capped(row, target, columns, lse, coefficient, isBf16);
    } else if (isBf16) {
      bf16(row, target, columns, form.factor(), lse, coefficient);
    } else {
      f32(row, target, columns, form.factor(), lse, coefficient);
    }
  }

  private static void bf16(
      long row, long target, int columns, float factor, float lse, float coefficient) {
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      FloatVector p = Exp2.coarse(Lanes.load(row + (long) j * FLOAT).fma(factor, -lse));
      Lanes.storeBf16Fast(p.mul(coefficient), target + (long) j * Short.BYTES);
    }
  }

  private static void f32(
      long row, long target, int columns, float factor, float lse, float coefficient) {
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      FloatVector p = Exp2.fine(Lanes.load(row + (long) j * FLOAT).fma(factor, -lse));
      Lanes.store(p.mul(coefficient), target + (long) j * FLOAT);
    }
  }

  private void capped(
      long row, long target, int columns, float lse, float coefficient, boolean isBf16) {
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      FloatVector logit = Lanes.load(row + (long) j * FLOAT);
      FloatVector x = Exp2.fine(logit.sub(lse)).mul(coefficient).mul(form.slope(logit));
      if (isBf16) {
        Lanes.storeBf16Fast(x, target + (long) j * Short.BYTES);
      } else {
        Lanes.store(x, target + (long) j * FLOAT);
      }
    }
  }
}
