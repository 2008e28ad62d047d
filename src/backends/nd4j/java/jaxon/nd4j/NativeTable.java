package jaxon.nd4j;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.nd4j.Nd4jOps.Transform;
import jaxon.nd4j.Nd4jOps.TransformKind;

/// Which elementwise ops ND4J computes rightly, for which dtypes, and under which name or number.
///
/// What is not listed runs as a loop of ours or on the interpreter. `bf16` and `f16` appear for the
/// four operations only: the rest is computed in float32 and rounded.
final class NativeTable {
  private static final Set<DType> WIDE_FLOATS = EnumSet.of(DType.F32, DType.F64);
  private static final Set<DType> FLOATS = EnumSet.of(DType.BF16, DType.F16, DType.F32, DType.F64);
  private static final Set<DType> INTEGERS =
      EnumSet.of(DType.I32, DType.I64, DType.UI32, DType.UI64);
  private static final Set<DType> SIGNED = EnumSet.of(DType.I32, DType.I64);

  private NativeTable() {}

  static Optional<Transform> unary(UnaryOp op, DType dtype) {
    if (WIDE_FLOATS.contains(dtype)) {
      return floatUnary(op, dtype);
    }
    boolean same = SIGNED.contains(dtype) && (op == UnaryOp.ABS || op == UnaryOp.NEGATE);
    return same ? Optional.of(sameUnary(op)) : Optional.empty();
  }

  private static Transform sameUnary(UnaryOp op) {
    return new Transform(TransformKind.SAME, op == UnaryOp.ABS ? 0 : 3);
  }

  private static Optional<Transform> floatUnary(UnaryOp op, DType dtype) {
    return switch (op) {
      case ABS, NEGATE -> Optional.of(sameUnary(op));
      case CEIL -> Optional.of(new Transform(TransformKind.SAME, 17));
      case FLOOR -> Optional.of(new Transform(TransformKind.SAME, 18));
      case COSINE -> Optional.of(new Transform(TransformKind.STRICT, 22));
      case EXPONENTIAL -> Optional.of(new Transform(TransformKind.STRICT, 23));
      case LOG -> Optional.of(new Transform(TransformKind.STRICT, 24));
      case LOGISTIC -> Optional.of(new Transform(TransformKind.STRICT, 26));
      case SINE -> Optional.of(new Transform(TransformKind.STRICT, 27));
      case TANH -> Optional.of(new Transform(TransformKind.STRICT, 29));
      case ERF -> Optional.of(new Transform(TransformKind.STRICT, 45));
      case ROUND_NEAREST_EVEN -> Optional.of(new Transform(TransformKind.STRICT, 48));
      case SQRT -> doubleOnly(dtype, new Transform(TransformKind.FLOAT, 1));
      case RSQRT -> doubleOnly(dtype, new Transform(TransformKind.FLOAT, 3));
      // Zero for NaN, or inexact near zero.
      case SIGN, LOG_PLUS_ONE, EXPONENTIAL_MINUS_ONE, IS_FINITE, NOT -> Optional.empty();
    };
  }

  private static Optional<Transform> doubleOnly(DType dtype, Transform transform) {
    return dtype == DType.F64 ? Optional.of(transform) : Optional.empty();
  }

  static Optional<String> binary(BinaryOp op, DType dtype) {
    boolean arithmetic = FLOATS.contains(dtype) || INTEGERS.contains(dtype);
    return switch (op) {
      case ADD -> when(arithmetic, "add");
      case SUBTRACT -> when(arithmetic, "subtract");
      case MULTIPLY -> when(arithmetic, "multiply");
      // Integers divide by zero with a crash.
      case DIVIDE -> when(FLOATS.contains(dtype), "divide");
      // Floats lose NaN.
      case MAXIMUM -> when(INTEGERS.contains(dtype), "maximum");
      case MINIMUM -> when(INTEGERS.contains(dtype), "minimum");
      case POWER -> when(WIDE_FLOATS.contains(dtype), "Pow");
      case AND -> when(INTEGERS.contains(dtype), "bitwise_and");
      case OR -> when(INTEGERS.contains(dtype), "bitwise_or");
      case XOR -> when(INTEGERS.contains(dtype), "bitwise_xor");
      case REMAINDER, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> Optional.empty();
    };
  }

  private static Optional<String> when(boolean condition, String name) {
    return condition ? Optional.of(name) : Optional.empty();
  }

  static Optional<String> compare(Direction direction, DType dtype) {
    if (!WIDE_FLOATS.contains(dtype) && !INTEGERS.contains(dtype)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (direction) {
          case EQ -> "equals";
          case NE -> "not_equals";
          case GE -> "greater_equal";
          case GT -> "greater";
          case LE -> "less_equal";
          case LT -> "less";
        });
  }

  /// True when ND4J's copy between the dtypes converts as [jaxon.graph.op.ElementwiseOp.Convert]
  /// says.
  static boolean converts(DType from, DType to) {
    return switch (from) {
      case F32 -> to == DType.BF16 || to == DType.F16 || to == DType.F64;
      case BF16, F16 -> to == DType.F32;
      case F64 -> to == DType.F32;
      case I1 -> to == DType.F32 || to == DType.I32;
      case I32 -> to == DType.F32 || to == DType.F64 || to == DType.I64;
      case I64 -> to == DType.I32;
      case I8, UI8, UI32, UI64 -> false;
    };
  }
}
