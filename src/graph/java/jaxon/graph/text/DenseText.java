package jaxon.graph.text;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Locale;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;

/// Constants as MLIR's `dense<…>`: a splat, nested lists, or the raw bytes when they are many.
final class DenseText {
  /// MLIR itself prints longer tensors as hexadecimal bytes.
  private static final long MAX_LISTED = 100;

  private DenseText() {}

  static String of(Literal value) {
    return "dense<" + elements(value) + ">";
  }

  private static String elements(Literal value) {
    Shape shape = value.type().shape();
    if (shape.elements() == 0) {
      return "";
    }
    if (value.isSplat()) {
      return element(value, 0);
    }
    // MLIR packs the bits of i1; a list is plainer.
    if (shape.elements() > MAX_LISTED && value.type().dtype() != DType.I1) {
      return bytes(value);
    }
    StringBuilder text = new StringBuilder();
    nested(value, 0, 0, shape.elements(), text);
    return text.toString();
  }

  private static void nested(Literal value, int dim, long from, long count, StringBuilder text) {
    Shape shape = value.type().shape();
    if (dim == shape.rank()) {
      text.append(element(value, from));
      return;
    }
    long size = count / shape.dim(dim);
    text.append('[');
    for (long i = 0; i < shape.dim(dim); i++) {
      text.append(i == 0 ? "" : ", ");
      nested(value, dim + 1, from + i * size, size, text);
    }
    text.append(']');
  }

  private static String element(Literal value, long index) {
    return switch (value.type().dtype()) {
      case I1 -> value.getLong(index) != 0 ? "true" : "false";
      case I8, I32, I64, UI8, UI32 -> Long.toString(value.getLong(index));
      case UI64 -> Long.toUnsignedString(value.getLong(index));
      case BF16, F16, F32 -> decimal(value.type().dtype(), (float) value.get(index));
      case F64 -> decimal(value.get(index));
    };
  }

  private static String decimal(DType dtype, float value) {
    String text = Float.toString(value);
    // MLIR reads decimals as float64 and rounds again; bits are for those that this would change.
    boolean exact = Float.isFinite(value) && dtype.round(Double.parseDouble(text)) == value;
    if (exact) {
      return text;
    }
    return switch (dtype) {
      case BF16 -> hex(Bf16.fromFloat(value), 4);
      case F16 -> hex(Float.floatToFloat16(value), 4);
      case F32 -> hex(Float.floatToIntBits(value), 8);
      case I1, I8, I32, I64, UI8, UI32, UI64, F64 ->
          throw new IllegalStateException(dtype + " is not a float of at most 32 bits");
    };
  }

  private static String decimal(double value) {
    return Double.isFinite(value)
        ? Double.toString(value)
        : hex(Double.doubleToLongBits(value), 16);
  }

  private static String hex(long bits, int digits) {
    String all = HexFormat.of().withUpperCase().toHexDigits(bits);
    return "0x" + all.substring(all.length() - digits);
  }

  /// Row-major little-endian bytes.
  private static String bytes(Literal value) {
    Object storage = value.toStorage();
    int width = value.type().dtype().bytes();
    int count = Array.getLength(storage);
    ByteBuffer buffer = ByteBuffer.allocate(count * width).order(ByteOrder.LITTLE_ENDIAN);
    switch (storage) {
      case byte[] bytes -> buffer.put(bytes);
      case short[] shorts -> buffer.asShortBuffer().put(shorts);
      case int[] ints -> buffer.asIntBuffer().put(ints);
      case long[] longs -> buffer.asLongBuffer().put(longs);
      case float[] floats -> buffer.asFloatBuffer().put(floats);
      case double[] doubles -> buffer.asDoubleBuffer().put(doubles);
      default -> throw new IllegalStateException("storage of " + storage.getClass());
    }
    String hex = HexFormat.of().formatHex(buffer.array()).toUpperCase(Locale.ROOT);
    return "\"0x" + hex + "\"";
  }
}
