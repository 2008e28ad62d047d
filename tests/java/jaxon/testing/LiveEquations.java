package jaxon.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.Op;

/// The equations that the outputs of a graph depend on.
public final class LiveEquations {
  private LiveEquations() {}

  /// The live equations of `graph` itself, in order; regions count as wholly live.
  public static List<Equation> of(Graph graph) {
    Set<Object> needed = new HashSet<>(graph.outputs());
    List<Equation> live = new ArrayList<>();
    for (Equation equation : graph.equations().reversed()) {
      if (equation.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(equation.inputs());
        live.add(equation);
      }
    }
    return live.reversed();
  }

  /// How many live equations of `graph` and its regions have a matching op.
  public static long count(Graph graph, Predicate<Op> matches) {
    long count = 0;
    for (Equation equation : of(graph)) {
      count += matches.test(equation.op()) ? 1 : 0;
      for (Graph region : equation.regions()) {
        count += count(region, matches);
      }
    }
    return count;
  }
}
