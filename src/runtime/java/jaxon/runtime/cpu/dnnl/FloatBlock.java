package jaxon.runtime.cpu.dnnl;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Blocks with float sums.
final class FloatBlock extends JavaBlock {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private final int stride;
  private final float[] left;
  private final float[] right;
  private final float[] sums;

  FloatBlock(int rows, int columns, int depth) {
    stride = Math.ceilDiv(columns, ALIGNMENT) * ALIGNMENT;
    left = new float[rows * depth];
    right = new float[depth * stride];
    sums = new float[rows * stride];
  }

  @Override
  void left(int row, int column, int depth, double value) {
    left[row * depth + column] = (float) value;
  }

  @Override
  void right(int row, int column, double value) {
    right[row * stride + column] = (float) value;
  }

  @Override
  double sum(int row, int column) {
    return sums[row * stride + column];
  }

  @Override
  void sum(int row, int column, double value) {
    sums[row * stride + column] = (float) value;
  }

  @Override
  void multiply(int rows, int columns, int depth) {
    int width = Math.ceilDiv(columns, 2 * LANES) * 2 * LANES;
    for (int j = 0; j < width; j += 2 * LANES) {
      int i = 0;
      for (; i + 4 <= rows; i += 4) {
        fourRows(i, j, depth);
      }
      for (; i < rows; i++) {
        oneRow(i, j, depth);
      }
    }
  }

  /// Four rows by two vectors: eight sums, so that the additions of one need not wait for another.
  private void fourRows(int i, int j, int depth) {
    int at = i * stride + j;
    FloatVector c00 = load(sums, at);
    FloatVector c01 = load(sums, at + LANES);
    FloatVector c10 = load(sums, at + stride);
    FloatVector c11 = load(sums, at + stride + LANES);
    FloatVector c20 = load(sums, at + 2 * stride);
    FloatVector c21 = load(sums, at + 2 * stride + LANES);
    FloatVector c30 = load(sums, at + 3 * stride);
    FloatVector c31 = load(sums, at + 3 * stride + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = load(right, k * stride + j);
      FloatVector b1 = load(right, k * stride + j + LANES);
      FloatVector a0 = repeat(i * depth + k);
      FloatVector a1 = repeat((i + 1) * depth + k);
      FloatVector a2 = repeat((i + 2) * depth + k);
      FloatVector a3 = repeat((i + 3) * depth + k);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    store(c00, c01, at);
    store(c10, c11, at + stride);
    store(c20, c21, at + 2 * stride);
    store(c30, c31, at + 3 * stride);
  }

  private void oneRow(int i, int j, int depth) {
    int at = i * stride + j;
    FloatVector c0 = load(sums, at);
    FloatVector c1 = load(sums, at + LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector a = repeat(i * depth + k);
      c0 = a.fma(load(right, k * stride + j), c0);
      c1 = a.fma(load(right, k * stride + j + LANES), c1);
    }
    store(c0, c1, at);
  }

  private static FloatVector load(float[] values, int index) {
    return FloatVector.fromArray(SPECIES, values, index);
  }

  private FloatVector repeat(int index) {
    return FloatVector.broadcast(SPECIES, left[index]);
  }

  private void store(FloatVector first, FloatVector second, int index) {
    first.intoArray(sums, index);
    second.intoArray(sums, index + LANES);
  }
}
