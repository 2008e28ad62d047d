package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.type.DType;

/// Identities of conversions.
final class ConvertRules {
  private ConvertRules() {}

  /// `convert<T>(x: T) -> x`.
  static Optional<List<Var>> dropConvert(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ElementwiseOp.Convert(DType to)
            && equation.inputs().getFirst().type().dtype() == to
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `convert<C>(convert<B>(x: A)) -> convert<C>(x)` when B holds every value of A.
  ///
  /// A conversion depends on the value alone, and B keeps it. An integer widened to a float does
  /// not qualify: float to integer saturates where integer to integer wraps.
  static Optional<List<Var>> mergeConverts(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ElementwiseOp.Convert convert)) {
      return Optional.empty();
    }
    Var middle = equation.inputs().getFirst();
    Equation inner = scope.definition(middle);
    if (inner == null || !(inner.op() instanceof ElementwiseOp.Convert)) {
      return Optional.empty();
    }
    Var source = inner.inputs().getFirst();
    if (!isLossless(source.type().dtype(), middle.type().dtype())) {
      return Optional.empty();
    }
    return Optional.of(List.of(scope.emit(convert, List.of(source), equation.source())));
  }

  /// `bitcast<T>(x: T) -> x`.
  static Optional<List<Var>> dropBitcast(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ElementwiseOp.BitcastConvert(DType to)
            && equation.inputs().getFirst().type().dtype() == to
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// True when each value of `from` is one of `to`, and both are of one kind, or `from` is i1.
  private static boolean isLossless(DType from, DType to) {
    if (from == to) {
      return true;
    }
    return switch (from) {
      case I1 -> true;
      case BF16, F16 -> to == DType.F32 || to == DType.F64;
      case F32 -> to == DType.F64;
      case F64, I64, UI64 -> false;
      case I8 -> to == DType.I32 || to == DType.I64;
      case I32 -> to == DType.I64;
      case UI8 -> to.isInteger() && to.bits() > 8;
      case UI32 -> to == DType.I64 || to == DType.UI64;
    };
  }
}
