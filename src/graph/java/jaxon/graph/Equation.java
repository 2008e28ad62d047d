package jaxon.graph;

import java.util.List;
import jaxon.graph.op.Op;

/// `outputs = op(inputs) { regions }`, with the line of user code that asked for it.
public record Equation(
    Op op, List<Var> inputs, List<Var> outputs, List<Graph> regions, SourceLine source) {
  public Equation {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    regions = List.copyOf(regions);
  }

  /// The one output of an equation that has one.
  public Var output() {
    if (outputs.size() != 1) {
      throw new IllegalStateException(op.opName() + " has " + outputs.size() + " outputs, not one");
    }
    return outputs.getFirst();
  }
}
