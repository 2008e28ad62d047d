package jaxon.sharding.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.UnaryOp;

/// Who reads a value, and whether a sum over devices may wait until after that.
///
/// A value may stay partial if its one reader is linear in it and gives no more than it takes:
/// three partial gradients are added first and reduced once, in the form that is wanted last.
final class Uses {
  private final Map<Var, Integer> counts = new HashMap<>();
  private final Map<Var, Equation> readers = new HashMap<>();

  /// Adds the uses within a graph, regions aside.
  void add(Graph graph) {
    for (Equation equation : graph.equations()) {
      for (Var input : equation.inputs()) {
        counts.merge(input, 1, Integer::sum);
        readers.put(input, equation);
      }
    }
    graph.outputs().forEach(output -> counts.merge(output, 1, Integer::sum));
  }

  /// True if only one reader would see that the value is partial, and it can live with it.
  boolean mayWait(Var var) {
    return counts.getOrDefault(var, 0) == 1
        && Optional.ofNullable(readers.get(var)).map(Uses::takesPartial).orElse(false);
  }

  /// True if the graph gives the value back and nothing else reads it.
  boolean isOnlyResult(Var var) {
    return counts.getOrDefault(var, 0) == 1 && !readers.containsKey(var);
  }

  boolean isUsedOnce(Var var) {
    return counts.getOrDefault(var, 0) == 1;
  }

  private static boolean takesPartial(Equation equation) {
    return passesPartial(equation) || equation.op() instanceof AnnotationOp.ShardingConstraint;
  }

  /// True for ops that give the sum of what they would give for each device's value.
  static boolean passesPartial(Equation equation) {
    return switch (equation.op()) {
      case BinaryOp op -> op == BinaryOp.ADD || op == BinaryOp.SUBTRACT;
      case UnaryOp op -> op == UnaryOp.NEGATE;
      case ShapeOp.Transpose _, ShapeOp.Reshape _ -> true;
      case ReduceOp.Reduce reduce -> reduce.kind() == ReduceOp.Kind.SUM;
      case AnnotationOp.Name _, AnnotationOp.StopGradient _ -> true;
      default -> false;
    };
  }
}
