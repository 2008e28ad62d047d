package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// `f(constants…) -> constant`, evaluated by the interpreter.
///
/// Operands and results have at most [#MAX_ELEMENTS] elements, so large iotas and broadcasts stay
/// lazy; splats are folded at any size and stay splats. Control flow is left alone: how long it
/// runs is not known.
public final class FoldConstants implements Pass {
  /// The most elements that an operand or a result of a folded equation has.
  static final long MAX_ELEMENTS = 4096;

  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, FoldConstants::fold);
  }

  private static Optional<List<Var>> fold(Equation equation, RewriteScope scope) {
    if (equation.inputs().isEmpty() || !isFoldable(equation)) {
      return Optional.empty();
    }
    List<Literal> operands = new ArrayList<>();
    for (Var input : equation.inputs()) {
      Literal value = known(input, scope);
      if (value == null) {
        return Optional.empty();
      }
      operands.add(value);
    }
    Optional<Literal> splat = SplatFolding.fold(equation, operands);
    if (splat.isPresent()) {
      return Optional.of(constants(List.of(splat.get()), equation, scope));
    }
    return isSmall(equation)
        ? Optional.of(
            constants(
                Interpreter.apply(equation.op(), equation.regions(), operands), equation, scope))
        : Optional.empty();
  }

  private static boolean isFoldable(Equation equation) {
    return switch (equation.op()) {
      case UnaryOp _, BinaryOp _, ElementwiseOp _, ShapeOp _ -> true;
      case IndexOp _, ContractOp _, ReduceOp _ -> true;
      case SourceOp _, ControlOp _, AnnotationOp _, CollectiveOp _ -> false;
    };
  }

  /// The value of a constant or of a small iota.
  private static @Nullable Literal known(Var var, RewriteScope scope) {
    Equation definition = scope.definition(var);
    if (definition != null
        && definition.op() instanceof SourceOp.Iota iota
        && isSmall(var.type())) {
      return Interpreter.apply(iota, List.of(), List.of()).getFirst();
    }
    return scope.constant(var);
  }

  private static boolean isSmall(Equation equation) {
    return equation.inputs().stream().allMatch(input -> isSmall(input.type()))
        && equation.outputs().stream().allMatch(output -> isSmall(output.type()));
  }

  private static boolean isSmall(TensorType type) {
    return type.shape().elements() <= MAX_ELEMENTS;
  }

  private static List<Var> constants(List<Literal> values, Equation equation, RewriteScope scope) {
    return values.stream()
        .map(value -> scope.emit(new SourceOp.Constant(value), List.of(), equation.source()))
        .toList();
  }
}
