package jaxon.runtime.cpu.dnnl;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// Blocks with double sums.
final class DoubleBlock extends JavaBlock {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private final int stride;
  private final double[] left;
  private final double[] right;
  private final double[] sums;

  DoubleBlock(int rows, int columns, int depth) {
    stride = Math.ceilDiv(columns, ALIGNMENT) * ALIGNMENT;
    left = new double[rows * depth];
    right = new double[depth * stride];
    sums = new double[rows * stride];
  }

  @Override
  void left(int row, int column, int depth, double value) {
    left[row * depth + column] = value;
  }

  @Override
  void right(int row, int column, double value) {
    right[row * stride + column] = value;
  }

  @Override
  double sum(int row, int column) {
    return sums[row * stride + column];
  }

  @Override
  void sum(int row, int column, double value) {
    sums[row * stride + column] = value;
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
    DoubleVector c00 = load(sums, at);
    DoubleVector c01 = load(sums, at + LANES);
    DoubleVector c10 = load(sums, at + stride);
    DoubleVector c11 = load(sums, at + stride + LANES);
    DoubleVector c20 = load(sums, at + 2 * stride);
    DoubleVector c21 = load(sums, at + 2 * stride + LANES);
    DoubleVector c30 = load(sums, at + 3 * stride);
    DoubleVector c31 = load(sums, at + 3 * stride + LANES);
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = load(right, k * stride + j);
      DoubleVector b1 = load(right, k * stride + j + LANES);
      DoubleVector a0 = repeat(i * depth + k);
      DoubleVector a1 = repeat((i + 1) * depth + k);
      DoubleVector a2 = repeat((i + 2) * depth + k);
      DoubleVector a3 = repeat((i + 3) * depth + k);
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
    DoubleVector c0 = load(sums, at);
    DoubleVector c1 = load(sums, at + LANES);
    for (int k = 0; k < depth; k++) {
      DoubleVector a = repeat(i * depth + k);
      c0 = a.fma(load(right, k * stride + j), c0);
      c1 = a.fma(load(right, k * stride + j + LANES), c1);
    }
    store(c0, c1, at);
  }

  private static DoubleVector load(double[] values, int index) {
    return DoubleVector.fromArray(SPECIES, values, index);
  }

  private DoubleVector repeat(int index) {
    return DoubleVector.broadcast(SPECIES, left[index]);
  }

  private void store(DoubleVector first, DoubleVector second, int index) {
    first.intoArray(sums, index);
    second.intoArray(sums, index + LANES);
  }
}
