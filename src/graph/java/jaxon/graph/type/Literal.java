package jaxon.graph.type;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/// An immutable tensor on the host: constants of graphs, inputs and results of programs.
///
/// Elements are stored row-major in the Java array of the dtype's width (`bf16` and `f16` as bit
/// patterns in a `short[]`, unsigned types in the signed array of their width). A splat stores one
/// element.
public final class Literal {
  private final TensorType type;
  private final Object data;

  private Literal(TensorType type, Object data) {
    this.type = type;
    this.data = data;
    long stored = Array.getLength(data);
    if (stored != type.shape().elements() && stored != 1) {
      throw new ShapeException(
          "a literal of type "
              + type
              + " needs "
              + type.shape().elements()
              + " elements, got "
              + stored);
    }
  }

  /// A float32 tensor over a copy of `values`.
  public static Literal ofFloats(float[] values, long... dims) {
    return new Literal(TensorType.of(DType.F32, dims), values.clone());
  }

  /// A float64 tensor over a copy of `values`.
  public static Literal ofDoubles(double[] values, long... dims) {
    return new Literal(TensorType.of(DType.F64, dims), values.clone());
  }

  /// An int32 tensor over a copy of `values`.
  public static Literal ofInts(int[] values, long... dims) {
    return new Literal(TensorType.of(DType.I32, dims), values.clone());
  }

  /// A tensor over the given storage, which the caller must not change afterwards.
  ///
  /// `storage` is a `double[]` (f64), `float[]` (f32), `short[]` (bf16, f16), `long[]` (i64, ui64),
  /// `int[]` (i32, ui32) or `byte[]` (i8, ui8, i1) of as many elements as the type, or one for a
  /// splat.
  public static Literal wrap(TensorType type, Object storage) {
    if (storage.getClass() != storageClass(type.dtype())) {
      throw new IllegalArgumentException(
          "storage of "
              + type.dtype()
              + " is "
              + storageClass(type.dtype()).getSimpleName()
              + ", got "
              + storage.getClass().getSimpleName());
    }
    return new Literal(type, storage);
  }

  /// All elements equal to `value`, rounded to the dtype; stored once.
  public static Literal splat(TensorType type, double value) {
    Object storage = newStorage(type.dtype(), 1);
    store(type.dtype(), storage, 0, value);
    return new Literal(type, storage);
  }

  /// A float tensor whose element `i` (row-major) is `values(i)`, rounded to the dtype.
  public static Literal generate(TensorType type, LongToDoubleFunction values) {
    int n = Math.toIntExact(type.shape().elements());
    Object storage = newStorage(type.dtype(), n);
    for (int i = 0; i < n; i++) {
      store(type.dtype(), storage, i, values.applyAsDouble(i));
    }
    return new Literal(type, storage);
  }

  /// An integer or bool tensor whose element `i` (row-major) has the low bits of `values(i)`.
  public static Literal generateLongs(TensorType type, LongUnaryOperator values) {
    int n = Math.toIntExact(type.shape().elements());
    Object storage = newStorage(type.dtype(), n);
    for (int i = 0; i < n; i++) {
      storeLong(type.dtype(), storage, i, values.applyAsLong(i));
    }
    return new Literal(type, storage);
  }

  public TensorType type() {
    return type;
  }

  /// True when one stored element stands for all.
  public boolean isSplat() {
    return Array.getLength(data) == 1;
  }

  /// Element `index` (row-major) as a double; exact for every dtype but large 64-bit integers.
  public double get(long index) {
    int i = isSplat() ? 0 : Math.toIntExact(index);
    return switch (type.dtype()) {
      case F64 -> ((double[]) data)[i];
      case F32 -> ((float[]) data)[i];
      case BF16 -> Bf16.toFloat(((short[]) data)[i]);
      case F16 -> Float.float16ToFloat(((short[]) data)[i]);
      case UI64 -> unsignedToDouble(getLong(index));
      case I1, I8, I32, I64, UI8, UI32 -> getLong(index);
    };
  }

  /// Element `index` (row-major) of an integer or bool tensor; `ui64` as the long with the same
  /// bits.
  public long getLong(long index) {
    int i = isSplat() ? 0 : Math.toIntExact(index);
    return switch (type.dtype()) {
      case I1, I8 -> ((byte[]) data)[i];
      case UI8 -> ((byte[]) data)[i] & 0xFF;
      case I32 -> ((int[]) data)[i];
      case UI32 -> ((int[]) data)[i] & 0xFFFF_FFFFL;
      case I64, UI64 -> ((long[]) data)[i];
      case BF16, F16, F32, F64 -> (long) get(index);
    };
  }

  /// The elements as a fresh row-major array of the storage class named in [#wrap].
  public Object toStorage() {
    int n = Math.toIntExact(type.shape().elements());
    Object copy = newStorage(type.dtype(), n);
    if (isSplat()) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(data, 0, copy, i, 1);
      }
    } else {
      System.arraycopy(data, 0, copy, 0, n);
    }
    return copy;
  }

  /// The elements as doubles, row-major.
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(type.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(i);
    }
    return values;
  }

  /// A fresh array of the storage class of `dtype` with `length` zero elements.
  public static Object newStorage(DType dtype, int length) {
    return Array.newInstance(storageClass(dtype).getComponentType(), length);
  }

  private static Class<?> storageClass(DType dtype) {
    return switch (dtype) {
      case F64 -> double[].class;
      case F32 -> float[].class;
      case BF16, F16 -> short[].class;
      case I64, UI64 -> long[].class;
      case I32, UI32 -> int[].class;
      case I1, I8, UI8 -> byte[].class;
    };
  }

  private static void store(DType dtype, Object storage, int index, double value) {
    switch (dtype) {
      case F64 -> ((double[]) storage)[index] = value;
      case F32 -> ((float[]) storage)[index] = (float) value;
      case BF16 -> ((short[]) storage)[index] = Bf16.fromDouble(value);
      case F16 -> ((short[]) storage)[index] = F16Rounding.fromDouble(value);
      case I1 -> ((byte[]) storage)[index] = (byte) (value != 0 ? 1 : 0);
      case I8, I32, I64, UI8, UI32, UI64 -> storeLong(dtype, storage, index, (long) value);
    }
  }

  private static void storeLong(DType dtype, Object storage, int index, long value) {
    switch (dtype) {
      case I1 -> ((byte[]) storage)[index] = (byte) (value != 0 ? 1 : 0);
      case I8, UI8 -> ((byte[]) storage)[index] = (byte) value;
      case I32, UI32 -> ((int[]) storage)[index] = (int) value;
      case I64, UI64 -> ((long[]) storage)[index] = value;
      case BF16, F16, F32, F64 -> store(dtype, storage, index, (double) value);
    }
  }

  private static double unsignedToDouble(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /// Equal types and elements bit for bit (a splat equals its expansion only when both store one
  /// element).
  @Override
  public boolean equals(Object other) {
    return other instanceof Literal literal
        && type.equals(literal.type)
        && Arrays.deepEquals(new Object[] {data}, new Object[] {literal.data});
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.deepHashCode(new Object[] {data});
  }

  @Override
  public String toString() {
    return isSplat() ? type + " filled with " + get(0) : type + " literal";
  }
}
