package jaxon.runtime.cpu.loop;

import java.util.Arrays;

/// `offset + sum of coefficient[k] · i[k]` over the indices `i` of a loop's dims.
final class Affine {
  private final long offset;
  private final long[] coefficients;

  private Affine(long offset, long[] coefficients) {
    this.offset = offset;
    this.coefficients = coefficients;
  }

  static Affine constant(int dims, long value) {
    return new Affine(value, new long[dims]);
  }

  static Affine of(long offset, long[] coefficients) {
    return new Affine(offset, coefficients.clone());
  }

  long offset() {
    return offset;
  }

  long coefficient(int dim) {
    return coefficients[dim];
  }

  int dims() {
    return coefficients.length;
  }

  Affine plus(Affine other) {
    long[] sum = coefficients.clone();
    for (int k = 0; k < sum.length; k++) {
      sum[k] += other.coefficients[k];
    }
    return new Affine(offset + other.offset, sum);
  }

  Affine plus(long value) {
    return new Affine(offset + value, coefficients);
  }

  Affine times(long factor) {
    long[] product = coefficients.clone();
    for (int k = 0; k < product.length; k++) {
      product[k] *= factor;
    }
    return new Affine(offset * factor, product);
  }

  /// True when the value is the same at every index.
  boolean isConstant() {
    return Arrays.stream(coefficients).allMatch(c -> c == 0);
  }

  /// The smallest value over the indices of `box`.
  long min(Box box) {
    long value = offset;
    for (int k = 0; k < coefficients.length; k++) {
      value += coefficients[k] * (coefficients[k] >= 0 ? box.from(k) : box.to(k) - 1);
    }
    return value;
  }

  /// The largest value over the indices of `box`.
  long max(Box box) {
    return -times(-1).min(box);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affine affine
        && offset == affine.offset
        && Arrays.equals(coefficients, affine.coefficients);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(offset) + Arrays.hashCode(coefficients);
  }

  @Override
  public String toString() {
    return offset + "+" + Arrays.toString(coefficients);
  }
}
