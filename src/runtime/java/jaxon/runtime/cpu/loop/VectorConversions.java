package jaxon.runtime.cpu.loop;

import jaxon.graph.type.DType;

/// Conversions between dtypes in vectors, as Java expressions.
final class VectorConversions {
  private VectorConversions() {}

  /// By value, as the interpreter does: saturating from float, wrapping among integers.
  static String convert(DType from, DType to, String x) {
    return switch (to) {
      case F32 -> toFloat(from, x);
      case BF16 ->
          switch (from) {
            case BF16, I1 -> toFloat(from, x);
            case I32, UI32 -> "#bf16(" + toFloat(from, sticky(from, x)) + ")";
            case F32 -> "#bf16(" + x + ")";
            case F16, F64, I8, I64, UI8, UI64 -> throw VectorDialect.noForm(from);
          };
      case I32, UI32 -> toInt(from, to, x);
      case I1 ->
          switch (from) {
            case I1 -> x;
            case F32, BF16 -> x + ".compare(VectorOperators.NE, 0f).cast(I)";
            case I32, UI32 -> x + ".compare(VectorOperators.NE, 0)";
            case F16, F64, I8, I64, UI8, UI64 -> throw VectorDialect.noForm(from);
          };
      case F16, F64, I8, I64, UI8, UI64 -> throw VectorDialect.noForm(to);
    };
  }

  private static String sticky(DType from, String x) {
    return "#sticky(" + x + ", " + from.isUnsigned() + ")";
  }

  private static String toFloat(DType from, String x) {
    return switch (from) {
      case F32, BF16 -> x;
      case I32 -> "#toFloat(" + x + ")";
      case UI32 -> "#unsignedToFloat(" + x + ")";
      case I1 -> "FloatVector.zero(F).blend(1f, " + x + ".cast(F))";
      case F16, F64, I8, I64, UI8, UI64 -> throw VectorDialect.noForm(from);
    };
  }

  private static String toInt(DType from, DType to, String x) {
    return switch (from) {
      case F32, BF16 -> to == DType.UI32 ? "#toUnsigned(" + x + ")" : "#toInt(" + x + ")";
      case I32, UI32 -> x;
      case I1 -> "IntVector.zero(I).blend(1, " + x + ")";
      case F16, F64, I8, I64, UI8, UI64 -> throw VectorDialect.noForm(from);
    };
  }

  /// By bits.
  static String bitcast(DType from, DType to, String x) {
    boolean same = from == to || (from.isInteger() && to.isInteger());
    if (same && VectorDialect.supports(from)) {
      return x;
    }
    if (from == DType.F32 && (to == DType.I32 || to == DType.UI32)) {
      return x + ".reinterpretAsInts()";
    }
    if (to == DType.F32 && (from == DType.I32 || from == DType.UI32)) {
      return x + ".reinterpretAsFloats()";
    }
    throw new UnsupportedLoopException("bitcast of " + from + " to " + to + " in vectors");
  }
}
