package jaxon.graph.interpret;

import java.util.Arrays;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// A value during interpretation: row-major elements in a `double[]` (float dtypes) or a `long[]`
/// (integers and `i1`).
///
/// Integers are kept as [DType#wrap] gives them: sign- or zero-extended, `ui64` as the signed long
/// with the same bits. The type is the one that the graph declares; under [Precision#FLOAT64] the
/// doubles may lie between the values of that type. Kernels fill a fresh tensor, then never change
/// it.
final class Tensor {
  private static final double[] NO_DOUBLES = {};
  private static final long[] NO_LONGS = {};

  private final TensorType type;
  private final double[] doubles;
  private final long[] longs;

  private Tensor(TensorType type, double[] doubles, long[] longs) {
    this.type = type;
    this.doubles = doubles;
    this.longs = longs;
  }

  /// A float tensor over `values`.
  static Tensor ofDoubles(TensorType type, double[] values) {
    return new Tensor(type, values, NO_LONGS);
  }

  /// A float tensor over `values`, which are rounded in place.
  static Tensor rounded(TensorType type, double[] values, Precision precision) {
    for (int i = 0; i < values.length; i++) {
      values[i] = precision.round(type.dtype(), values[i]);
    }
    return ofDoubles(type, values);
  }

  /// An integer or `i1` tensor over `values`.
  static Tensor ofLongs(TensorType type, long[] values) {
    return new Tensor(type, NO_DOUBLES, values);
  }

  /// A tensor of zeros, to be filled by [#set].
  static Tensor zeros(TensorType type) {
    int n = Math.toIntExact(type.shape().elements());
    return type.dtype().isFloat() ? ofDoubles(type, new double[n]) : ofLongs(type, new long[n]);
  }

  /// The elements of `literal` as a tensor of the declared `type`.
  static Tensor of(TensorType type, Literal literal) {
    if (type.dtype().isFloat()) {
      return ofDoubles(type, literal.toDoubles());
    }
    long[] values = new long[Math.toIntExact(type.shape().elements())];
    Arrays.setAll(values, literal::getLong);
    return ofLongs(type, values);
  }

  /// The elements as a literal: of the declared type, or `f64` for floats under
  /// [Precision#FLOAT64].
  Literal toLiteral(Precision precision) {
    if (!isFloat()) {
      return Literal.generateLongs(type, i -> longs[(int) i]);
    }
    TensorType stored = precision == Precision.FLOAT64 ? type.withDType(DType.F64) : type;
    return Literal.generate(stored, i -> doubles[(int) i]);
  }

  TensorType type() {
    return type;
  }

  Shape shape() {
    return type.shape();
  }

  DType dtype() {
    return type.dtype();
  }

  boolean isFloat() {
    return type.dtype().isFloat();
  }

  /// Number of elements.
  int size() {
    return isFloat() ? doubles.length : longs.length;
  }

  /// The elements of a float tensor.
  double[] doubles() {
    if (!isFloat()) {
      throw new IllegalStateException(type + " holds longs");
    }
    return doubles;
  }

  /// The elements of an integer or `i1` tensor.
  long[] longs() {
    if (isFloat()) {
      throw new IllegalStateException(type + " holds doubles");
    }
    return longs;
  }

  /// Sets element `to` to element `from` of a tensor of the same dtype.
  void set(int to, Tensor source, int from) {
    if (isFloat()) {
      doubles[to] = source.doubles[from];
    } else {
      longs[to] = source.longs[from];
    }
  }

  /// A copy that may be changed.
  Tensor copy() {
    return new Tensor(type, doubles.clone(), longs.clone());
  }

  /// The same elements under another shape of as many.
  Tensor withShape(Shape shape) {
    return new Tensor(type.withShape(shape), doubles, longs);
  }

  /// The value of a scalar index of an integer dtype; `ui64` beyond the range of long is the
  /// largest long.
  long index(int at) {
    boolean huge = dtype() == DType.UI64 && longs[at] < 0;
    return huge ? Long.MAX_VALUE : longs[at];
  }
}
