package jaxon.autodiff;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;

/// Which values of a graph have a derivative with respect to the wanted inputs.
final class Activity {
  private Activity() {}

  /// The float values that depend on a wanted float input through differentiable paths.
  static Set<Var> of(Graph graph, List<Boolean> wanted) {
    Set<Var> active = new HashSet<>();
    for (int i = 0; i < wanted.size(); i++) {
      Var input = graph.inputs().get(i);
      if (wanted.get(i) && input.type().dtype().isFloat()) {
        active.add(input);
      }
    }
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof AnnotationOp.StopGradient
          || equation.inputs().stream().noneMatch(active::contains)) {
        continue;
      }
      markOutputs(equation, active);
    }
    return active;
  }

  private static void markOutputs(Equation equation, Set<Var> active) {
    List<Boolean> outputs =
        equation.op() instanceof ControlOp control
            ? RegionRules.activeOutputs(control, equation, active)
            : equation.outputs().stream().map(_ -> true).toList();
    for (int i = 0; i < outputs.size(); i++) {
      Var output = equation.outputs().get(i);
      if (outputs.get(i) && output.type().dtype().isFloat()) {
        active.add(output);
      }
    }
  }

  /// Which outputs of `graph` depend on the wanted inputs.
  static List<Boolean> outputs(Graph graph, List<Boolean> wanted) {
    Set<Var> active = of(graph, wanted);
    return graph.outputs().stream().map(active::contains).toList();
  }
}
