package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Identities of elementwise arithmetic.
final class ArithmeticRules {
  private ArithmeticRules() {}

  /// `x + 0 -> x` for integers and `x + -0 -> x` for floats, either way round; `x - 0`, `x * 1`, `x
  /// / 1`, `pow(x, 1)`, `x << 0`, `x & true`, `x | false`, `x ^ false -> x`.
  ///
  /// IEEE 754 defines each to give `x`, whatever it is; `-0 + 0` is the exception, hence the sign.
  static Optional<List<Var>> dropNeutralOperand(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof BinaryOp op)) {
      return Optional.empty();
    }
    Var left = equation.inputs().get(0);
    Var right = equation.inputs().get(1);
    if (isRightNeutral(op, right, scope)) {
      return Optional.of(List.of(left));
    }
    return isCommutative(op) && isRightNeutral(op, left, scope)
        ? Optional.of(List.of(right))
        : Optional.empty();
  }

  private static boolean isRightNeutral(BinaryOp op, Var right, RewriteScope scope) {
    DType dtype = right.type().dtype();
    return switch (op) {
      case ADD -> Splats.isAll(right, dtype.isFloat() ? -0.0 : 0, scope);
      case SUBTRACT, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL, OR, XOR ->
          Splats.isAll(right, 0, scope);
      case MULTIPLY, DIVIDE, POWER -> Splats.isAll(right, 1, scope);
      case AND -> dtype == DType.I1 && Splats.isAll(right, 1, scope);
      case MAXIMUM, MINIMUM, REMAINDER -> false;
    };
  }

  private static boolean isCommutative(BinaryOp op) {
    return switch (op) {
      case ADD, AND, MAXIMUM, MINIMUM, MULTIPLY, OR, XOR -> true;
      case DIVIDE, POWER, REMAINDER, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC -> false;
      case SHIFT_RIGHT_LOGICAL, SUBTRACT -> false;
    };
  }

  /// `x * 0 -> 0` for integers, `x & false -> false`, `x | true -> true`, either way round.
  ///
  /// Not for floats: infinity times 0 is NaN, and -1 times 0 is -0.
  static Optional<List<Var>> absorb(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof BinaryOp op)) {
      return Optional.empty();
    }
    for (Var operand : equation.inputs()) {
      if (isAbsorbing(op, operand, scope)) {
        return Optional.of(List.of(operand));
      }
    }
    return Optional.empty();
  }

  private static boolean isAbsorbing(BinaryOp op, Var operand, RewriteScope scope) {
    DType dtype = operand.type().dtype();
    return switch (op) {
      case MULTIPLY -> dtype.isInteger() && Splats.isAll(operand, 0, scope);
      case AND -> Splats.isAll(operand, 0, scope);
      case OR -> dtype == DType.I1 && Splats.isAll(operand, 1, scope);
      case ADD, DIVIDE, MAXIMUM, MINIMUM, POWER, REMAINDER, SUBTRACT, XOR -> false;
      case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> false;
    };
  }

  /// `max(x, x) -> x`, `min(x, x) -> x`, `x & x -> x`, `x | x -> x`.
  static Optional<List<Var>> combineEqualOperands(Equation equation, RewriteScope scope) {
    boolean idempotent =
        equation.op() == BinaryOp.MAXIMUM
            || equation.op() == BinaryOp.MINIMUM
            || equation.op() == BinaryOp.AND
            || equation.op() == BinaryOp.OR;
    return idempotent && equation.inputs().get(0).equals(equation.inputs().get(1))
        ? Optional.of(equation.inputs().subList(0, 1))
        : Optional.empty();
  }

  /// `-(-x) -> x`, `!(!x) -> x`: both flip bits, and twice is not at all.
  static Optional<List<Var>> dropDoubleNegation(Equation equation, RewriteScope scope) {
    if (equation.op() != UnaryOp.NEGATE && equation.op() != UnaryOp.NOT) {
      return Optional.empty();
    }
    Equation inner = scope.definition(equation.inputs().getFirst());
    return inner != null && inner.op().equals(equation.op())
        ? Optional.of(inner.inputs())
        : Optional.empty();
  }

  /// `select(true, x, y) -> x`, `select(false, x, y) -> y`, `select(p, x, x) -> x`.
  static Optional<List<Var>> dropSelect(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ElementwiseOp.Select)) {
      return Optional.empty();
    }
    Var predicate = equation.inputs().get(0);
    Var onTrue = equation.inputs().get(1);
    Var onFalse = equation.inputs().get(2);
    if (onTrue.equals(onFalse) || Splats.isAll(predicate, 1, scope)) {
      return Optional.of(List.of(onTrue));
    }
    return Splats.isAll(predicate, 0, scope) ? Optional.of(List.of(onFalse)) : Optional.empty();
  }
}
