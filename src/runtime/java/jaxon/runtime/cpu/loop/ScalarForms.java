package jaxon.runtime.cpu.loop;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Elementwise ops on single elements, as Java expressions.
final class ScalarForms {
  private ScalarForms() {}

  static String apply(Node node, List<String> operands) {
    Op op = ((Node.Apply) node.form()).op();
    DType from = node.operands().getFirst().dtype();
    DType to = node.dtype();
    String x = operands.getFirst();
    return switch (op) {
      case UnaryOp unary when from.isFloat() -> ScalarDialect.rounded(to, call(name(unary), x));
      case UnaryOp unary -> ints(unary, from, x);
      case BinaryOp binary when from.isFloat() ->
          ScalarDialect.rounded(to, floats(binary, x, operands.get(1)));
      case BinaryOp binary -> ScalarDialect.rounded(to, ints(binary, from, x, operands.get(1)));
      case ElementwiseOp.Compare compare ->
          compare(compare.direction(), from, x, operands.get(1)) + " ? 1L : 0L";
      case ElementwiseOp.Select _ -> x + " != 0 ? " + operands.get(1) + " : " + operands.get(2);
      case ElementwiseOp.Clamp _ ->
          extreme("min", from, extreme("max", from, operands.get(1), x), operands.get(2));
      case ElementwiseOp.Convert _ -> convert(from, to, x);
      case ElementwiseOp.BitcastConvert _ -> bitcast(from, to, x);
      default -> throw new UnsupportedLoopException(op.opName() + " in a loop");
    };
  }

  /// For example `logPlusOne`.
  private static String name(UnaryOp op) {
    String[] words = op.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  private static String call(String name, String... operands) {
    return "ScalarOps." + name + "(" + String.join(", ", operands) + ")";
  }

  private static String floats(BinaryOp op, String x, String y) {
    return switch (op) {
      case ADD -> x + " + " + y;
      case SUBTRACT -> x + " - " + y;
      case MULTIPLY -> x + " * " + y;
      case DIVIDE -> x + " / " + y;
      case REMAINDER -> x + " % " + y;
      case MAXIMUM -> "Math.max(" + x + ", " + y + ")";
      case MINIMUM -> "Math.min(" + x + ", " + y + ")";
      case POWER -> call("power", x, y);
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
          throw new UnsupportedLoopException(op.opName() + " of floats");
    };
  }

  private static String ints(UnaryOp op, DType dtype, String x) {
    String value =
        switch (op) {
          case ABS -> dtype.isUnsigned() ? x : "Math.abs(" + x + ")";
          case NEGATE -> "-" + x;
          case NOT -> dtype == DType.I1 ? "1 - " + x : "~" + x;
          case SIGN -> dtype.isUnsigned() ? x + " == 0 ? 0L : 1L" : "Long.signum(" + x + ")";
          case CEIL,
              COSINE,
              ERF,
              EXPONENTIAL,
              EXPONENTIAL_MINUS_ONE,
              FLOOR,
              IS_FINITE,
              LOG,
              LOG_PLUS_ONE,
              LOGISTIC,
              ROUND_NEAREST_EVEN,
              RSQRT,
              SINE,
              SQRT,
              TANH ->
              throw new UnsupportedLoopException(op.opName() + " of " + dtype);
        };
    return ScalarDialect.rounded(dtype, "(" + value + ")");
  }

  private static String ints(BinaryOp op, DType dtype, String x, String y) {
    String bits = Integer.toString(dtype == DType.I1 ? 8 : dtype.bits());
    String unsigned = Boolean.toString(dtype.isUnsigned());
    return switch (op) {
      case ADD -> "(" + x + " + " + y + ")";
      case SUBTRACT -> "(" + x + " - " + y + ")";
      case MULTIPLY -> "(" + x + " * " + y + ")";
      case AND -> "(" + x + " & " + y + ")";
      case OR -> "(" + x + " | " + y + ")";
      case XOR -> "(" + x + " ^ " + y + ")";
      case MAXIMUM -> extreme("max", dtype, x, y);
      case MINIMUM -> extreme("min", dtype, x, y);
      case DIVIDE -> call("divide", x, y, unsigned);
      case REMAINDER -> call("remainder", x, y, unsigned);
      case POWER -> call("power", x, y, unsigned);
      case SHIFT_LEFT -> call("shiftLeft", x, y, bits);
      case SHIFT_RIGHT_LOGICAL -> call("shiftRightLogical", x, y, bits);
      case SHIFT_RIGHT_ARITHMETIC -> call("shiftRightArithmetic", x, y, bits);
    };
  }

  private static String extreme(String name, DType dtype, String x, String y) {
    return dtype.isUnsigned()
        ? call(name + "Unsigned", x, y)
        : "Math." + name + "(" + x + ", " + y + ")";
  }

  private static String compare(
      ElementwiseOp.Direction direction, DType dtype, String x, String y) {
    String sign =
        switch (direction) {
          case EQ -> " == ";
          case NE -> " != ";
          case GE -> " >= ";
          case GT -> " > ";
          case LE -> " <= ";
          case LT -> " < ";
        };
    return dtype == DType.UI64
        ? "Long.compareUnsigned(" + x + ", " + y + ")" + sign + "0"
        : x + sign + y;
  }

  private static String convert(DType from, DType to, String x) {
    if (from.isFloat() && to.isFloat()) {
      return ScalarDialect.rounded(to, x);
    }
    if (from.isFloat()) {
      return to == DType.I1 ? x + " != 0 ? 1L : 0L" : toInteger(to, x);
    }
    if (!to.isFloat()) {
      return ScalarDialect.rounded(to, x);
    }
    String once = to == DType.F64 ? x : call("sticky", x, Boolean.toString(from == DType.UI64));
    String wide = from == DType.UI64 ? call("unsignedToDouble", once) : "(double) " + once;
    return ScalarDialect.rounded(to, wide);
  }

  private static String toInteger(DType to, String x) {
    if (to == DType.UI64) {
      return call("toUnsigned64", x);
    }
    if (to == DType.I64) {
      return "(long) " + x;
    }
    long low = to.isUnsigned() ? 0 : -1L << (to.bits() - 1);
    long high = to.isUnsigned() ? (1L << to.bits()) - 1 : (1L << (to.bits() - 1)) - 1;
    return "Math.clamp((long) " + x + ", " + Spelling.of(low) + ", " + Spelling.of(high) + ")";
  }

  private static String bitcast(DType from, DType to, String x) {
    String bits =
        switch (from) {
          case F64 -> "Double.doubleToRawLongBits(" + x + ")";
          case F32 -> "(long) Float.floatToRawIntBits((float) " + x + ")";
          case BF16 -> "(long) ScalarOps.toBf16(" + x + ")";
          case F16 -> "(long) ScalarOps.toF16(" + x + ")";
          case I1, I8, I32, I64, UI8, UI32, UI64 -> x;
        };
    return switch (to) {
      case F64 -> "Double.longBitsToDouble(" + bits + ")";
      case F32 -> "(double) Float.intBitsToFloat((int) (" + bits + "))";
      case BF16 -> "ScalarOps.ofBf16((short) (" + bits + "))";
      case F16 -> "ScalarOps.ofF16((short) (" + bits + "))";
      case I1, I8, I32, I64, UI8, UI32, UI64 -> ScalarDialect.rounded(to, bits);
    };
  }
}
