package jaxon.runtime.cpu.loop;

import java.util.List;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Elementwise ops on vectors, as Java expressions.
final class VectorOps {
  private VectorOps() {}

  /// Whether `node` has a form.
  static boolean supports(Node node) {
    if (!(node.form() instanceof Node.Apply)) {
      return true;
    }
    try {
      apply(node, node.operands().stream().map(_ -> "x").toList());
      return true;
    } catch (UnsupportedLoopException _) {
      return false;
    }
  }

  /// The name of a fold in `VectorOperators`.
  static String operator(ReduceOp.Kind kind, DType dtype) {
    String unsigned = dtype.isUnsigned() ? "U" : "";
    return switch (kind) {
      case SUM -> "ADD";
      case PRODUCT -> "MUL";
      case MAX -> dtype == DType.I1 ? "OR" : unsigned + "MAX";
      case MIN -> dtype == DType.I1 ? "AND" : unsigned + "MIN";
      case AND -> "AND";
      case OR -> "OR";
    };
  }

  static String apply(Node node, List<String> operands) {
    Op op = ((Node.Apply) node.form()).op();
    DType operand = node.operands().getFirst().dtype();
    String x = operands.getFirst();
    return switch (op) {
      case UnaryOp unary when operand.isFloat() -> rounded(node, FloatOps.apply(unary, x));
      case UnaryOp unary -> IntOps.apply(unary, operand, x);
      case BinaryOp binary when operand.isFloat() ->
          rounded(node, FloatOps.apply(binary, x, operands.get(1)));
      case BinaryOp binary -> IntOps.apply(binary, operand, x, operands.get(1));
      case ElementwiseOp.Compare compare ->
          compare(compare.direction(), operand, x, operands.get(1));
      case ElementwiseOp.Select _ -> select(node.dtype(), x, operands.get(1), operands.get(2));
      case ElementwiseOp.Clamp _ -> clamp(operand, x, operands.get(1), operands.get(2));
      case ElementwiseOp.Convert _ -> VectorConversions.convert(operand, node.dtype(), x);
      case ElementwiseOp.BitcastConvert _ -> VectorConversions.bitcast(operand, node.dtype(), x);
      default -> throw new UnsupportedLoopException(op.opName() + " in vectors");
    };
  }

  /// Results of inexact ops on `bf16` are rounded.
  private static String rounded(Node node, String value) {
    boolean exact =
        node.form() instanceof Node.Apply(Op op)
            && switch (op) {
              case UnaryOp unary ->
                  unary == UnaryOp.ABS
                      || unary == UnaryOp.NEGATE
                      || unary == UnaryOp.SIGN
                      || unary == UnaryOp.IS_FINITE;
              case BinaryOp binary -> binary == BinaryOp.MAXIMUM || binary == BinaryOp.MINIMUM;
              default -> true;
            };
    return node.dtype() != DType.BF16 || exact ? value : "#bf16(" + value + ")";
  }

  private static String compare(
      ElementwiseOp.Direction direction, DType dtype, String x, String y) {
    if (dtype == DType.I1) {
      return switch (direction) {
        case EQ -> x + ".eq(" + y + ")";
        case NE -> x + ".xor(" + y + ")";
        case GE -> y + ".not().or(" + x + ")";
        case GT -> x + ".andNot(" + y + ")";
        case LE -> x + ".not().or(" + y + ")";
        case LT -> y + ".andNot(" + x + ")";
      };
    }
    boolean ordered =
        direction != ElementwiseOp.Direction.EQ && direction != ElementwiseOp.Direction.NE;
    String name = (dtype.isUnsigned() && ordered ? "U" : "") + direction;
    String mask = x + ".compare(VectorOperators." + name + ", " + y + ")";
    return dtype.isFloat() ? mask + ".cast(I)" : mask;
  }

  private static String select(DType dtype, String mask, String onTrue, String onFalse) {
    if (dtype == DType.I1) {
      return onTrue + ".and(" + mask + ").or(" + onFalse + ".andNot(" + mask + "))";
    }
    String lanes = dtype.isFloat() ? mask + ".cast(F)" : mask;
    return onFalse + ".blend(" + onTrue + ", " + lanes + ")";
  }

  private static String clamp(DType dtype, String min, String x, String max) {
    if (dtype == DType.I1) {
      return x + ".or(" + min + ").and(" + max + ")";
    }
    String unsigned = dtype.isUnsigned() ? "U" : "";
    return x
        + ".lanewise(VectorOperators."
        + unsigned
        + "MAX, "
        + min
        + ").lanewise(VectorOperators."
        + unsigned
        + "MIN, "
        + max
        + ")";
  }
}
