package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.Shape;
import org.jspecify.annotations.Nullable;

/// Identities of the ops that move elements; exact because no element is computed.
final class MovementRules {
  private MovementRules() {}

  /// `reshape(x) -> x` when the shape stays.
  static Optional<List<Var>> dropReshape(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ShapeOp.Reshape && keepsType(equation)
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `reshape(reshape(x)) -> reshape(x)`.
  static Optional<List<Var>> mergeReshapes(Equation equation, RewriteScope scope) {
    Equation inner = innerOf(equation, ShapeOp.Reshape.class, scope);
    return inner == null
        ? Optional.empty()
        : one(scope.emit(equation.op(), inner.inputs(), equation.source()));
  }

  /// `transpose(x) -> x` when no dim moves.
  static Optional<List<Var>> dropTranspose(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ShapeOp.Transpose(List<Integer> permutation)
            && isIdentity(permutation)
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `transpose<p>(transpose<q>(x)) -> transpose<i: q[p[i]]>(x)`.
  static Optional<List<Var>> mergeTransposes(Equation equation, RewriteScope scope) {
    Equation inner = innerOf(equation, ShapeOp.Transpose.class, scope);
    if (inner == null
        || !(equation.op() instanceof ShapeOp.Transpose(List<Integer> outerDims))
        || !(inner.op() instanceof ShapeOp.Transpose(List<Integer> innerDims))) {
      return Optional.empty();
    }
    List<Integer> merged = outerDims.stream().map(innerDims::get).toList();
    return one(scope.emit(new ShapeOp.Transpose(merged), inner.inputs(), equation.source()));
  }

  /// `broadcast(x) -> x` when the shape stays and no dim moves.
  static Optional<List<Var>> dropBroadcast(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ShapeOp.BroadcastInDim(_, List<Integer> dims)
            && keepsType(equation)
            && isIdentity(dims)
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `broadcast<s, d>(broadcast<_, e>(x)) -> broadcast<s, i: d[e[i]]>(x)`.
  static Optional<List<Var>> mergeBroadcasts(Equation equation, RewriteScope scope) {
    Equation inner = innerOf(equation, ShapeOp.BroadcastInDim.class, scope);
    if (inner == null
        || !(equation.op() instanceof ShapeOp.BroadcastInDim(Shape shape, List<Integer> outerDims))
        || !(inner.op() instanceof ShapeOp.BroadcastInDim(_, List<Integer> innerDims))) {
      return Optional.empty();
    }
    List<Integer> merged = innerDims.stream().map(outerDims::get).toList();
    Op op = new ShapeOp.BroadcastInDim(shape, merged);
    return one(scope.emit(op, inner.inputs(), equation.source()));
  }

  /// `slice(x) -> x` when it takes everything: with the size kept, the starts are 0 and the strides
  /// 1, or the dim has at most one element.
  static Optional<List<Var>> dropSlice(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ShapeOp.Slice && keepsType(equation)
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `pad(x, v) -> x` when nothing is added or removed.
  static Optional<List<Var>> dropPad(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ShapeOp.Pad(List<Long> low, List<Long> high, _)
            && keepsType(equation)
            && low.stream().allMatch(count -> count == 0)
            && high.stream().allMatch(count -> count == 0)
        ? Optional.of(equation.inputs().subList(0, 1))
        : Optional.empty();
  }

  /// `concatenate(x) -> x`, and operands of size 0 are left out while another remains.
  static Optional<List<Var>> dropConcatenate(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ShapeOp.Concatenate(int dim))) {
      return Optional.empty();
    }
    List<Var> operands = new ArrayList<>(equation.inputs());
    operands.removeIf(operand -> operand.type().shape().dim(dim) == 0);
    if (operands.isEmpty()) {
      operands.add(equation.inputs().getFirst());
    }
    if (operands.size() == 1) {
      return Optional.of(operands);
    }
    return operands.size() == equation.inputs().size()
        ? Optional.empty()
        : one(scope.emit(equation.op(), operands, equation.source()));
  }

  /// `reverse(x) -> x` when each reversed dim has at most one element.
  static Optional<List<Var>> dropReverse(Equation equation, RewriteScope scope) {
    return equation.op() instanceof ShapeOp.Reverse(List<Integer> dims)
            && dims.stream().allMatch(dim -> equation.output().type().shape().dim(dim) <= 1)
        ? Optional.of(equation.inputs())
        : Optional.empty();
  }

  /// `f(broadcast(x)) -> broadcast(f(x))` for elementwise `f` of one operand, when x is smaller.
  static Optional<List<Var>> sinkBroadcastBelowUnary(Equation equation, RewriteScope scope) {
    boolean unary =
        equation.op() instanceof UnaryOp || equation.op() instanceof ElementwiseOp.Convert;
    Equation inner = unary ? scope.definition(equation.inputs().getFirst()) : null;
    if (inner == null || !(inner.op() instanceof ShapeOp.BroadcastInDim)) {
      return Optional.empty();
    }
    Var small = inner.inputs().getFirst();
    if (small.type().shape().elements() >= inner.output().type().shape().elements()) {
      return Optional.empty();
    }
    Var applied = scope.emit(equation.op(), List.of(small), equation.source());
    return one(scope.emit(inner.op(), List.of(applied), inner.source()));
  }

  /// The equation that defines the operand of `equation`, if both have an op of class `op`.
  private static @Nullable Equation innerOf(
      Equation equation, Class<? extends ShapeOp> op, RewriteScope scope) {
    if (!op.isInstance(equation.op())) {
      return null;
    }
    Equation inner = scope.definition(equation.inputs().getFirst());
    return inner != null && op.isInstance(inner.op()) ? inner : null;
  }

  private static boolean keepsType(Equation equation) {
    return equation.inputs().getFirst().type().equals(equation.output().type());
  }

  private static boolean isIdentity(List<Integer> dims) {
    return IntStream.range(0, dims.size()).allMatch(i -> dims.get(i) == i);
  }

  private static Optional<List<Var>> one(Var var) {
    return Optional.of(List.of(var));
  }
}
