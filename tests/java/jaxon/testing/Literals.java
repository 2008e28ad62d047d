package jaxon.testing;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Host tensors for tests, random ones from a given generator.
public final class Literals {
  private Literals() {}

  /// A float64 tensor of values spread evenly over `[low, high)`.
  public static Literal uniform(RandomGenerator random, double low, double high, long... dims) {
    return Literal.generate(
        TensorType.of(DType.F64, dims), _ -> low + (high - low) * random.nextDouble());
  }

  /// A float64 tensor of values whose magnitude is spread over `[low, high)`, of either sign: for
  /// functions with a kink or a pole at 0.
  public static Literal awayFromZero(
      RandomGenerator random, double low, double high, long... dims) {
    Literal magnitudes = uniform(random, low, high, dims);
    DoubleUnaryOperator sign = x -> random.nextBoolean() ? x : -x;
    return Literal.generate(magnitudes.type(), i -> sign.applyAsDouble(magnitudes.get(i)));
  }

  /// A float64 tensor of values that are at least 0.1 apart, in random order: for functions that
  /// choose or sort.
  public static Literal distinct(RandomGenerator random, long... dims) {
    TensorType type = TensorType.of(DType.F64, dims);
    int size = Math.toIntExact(type.shape().elements());
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      int other = random.nextInt(i + 1);
      values[i] = values[other];
      values[other] = 0.1 * (i - size / 2) + 0.05;
    }
    return Literal.wrap(type, values);
  }

  public static Literal doubles(double... values) {
    return Literal.ofDoubles(values, values.length);
  }

  public static Literal ints(int... values) {
    return Literal.ofInts(values, values.length);
  }

  /// A float64 scalar.
  public static Literal scalar(double value) {
    return Literal.splat(TensorType.of(DType.F64), value);
  }

  /// An int32 scalar.
  public static Literal index(int value) {
    return Literal.ofInts(new int[] {value});
  }

  /// A vector of float dtype.
  public static Literal floats(DType dtype, double... values) {
    return Literal.generate(TensorType.of(dtype, values.length), i -> values[(int) i]);
  }

  /// A vector of an integer dtype or `i1`.
  public static Literal longs(DType dtype, long... values) {
    return Literal.generateLongs(TensorType.of(dtype, values.length), i -> values[(int) i]);
  }

  /// A scalar of any dtype.
  public static Literal scalar(DType dtype, double value) {
    return Literal.splat(TensorType.of(dtype), value);
  }

  /// A tensor `0, 1, 2, …` in row-major order.
  public static Literal counting(DType dtype, long... dims) {
    TensorType type = TensorType.of(dtype, dims);
    return dtype.isFloat()
        ? Literal.generate(type, i -> (double) i)
        : Literal.generateLongs(type, i -> i);
  }

  /// The elements of an integer or `i1` literal.
  public static long[] longsOf(Literal literal) {
    long[] values = new long[(int) literal.type().shape().elements()];
    Arrays.setAll(values, literal::getLong);
    return values;
  }
}
