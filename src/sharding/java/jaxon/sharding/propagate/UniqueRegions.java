package jaxon.sharding.propagate;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Renaming;
import jaxon.graph.Var;

/// A copy in which no two equations share a region, so that each value has one place and one
/// sharding.
final class UniqueRegions {
  private UniqueRegions() {}

  static Graph copy(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Renaming renaming = new Renaming();
    graph.inputs().forEach(input -> renaming.put(input, builder.input(input.type())));
    for (Equation equation : graph.equations()) {
      List<Var> outputs = equation.outputs().stream().map(out -> new Var(out.type())).toList();
      builder.append(
          new Equation(
              equation.op(),
              renaming.getAll(equation.inputs()),
              outputs,
              equation.regions().stream().map(UniqueRegions::copy).toList(),
              equation.source()));
      renaming.putAll(equation.outputs(), outputs);
    }
    return builder.build(graph.name(), renaming.getAll(graph.outputs()));
  }
}
