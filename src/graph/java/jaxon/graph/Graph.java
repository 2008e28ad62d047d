package jaxon.graph;

import java.util.List;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;

/// A pure function in single static assignment form: equations in topological order.
///
/// A graph is closed: it refers to nothing but its own inputs. It is immutable; passes build new
/// graphs with [GraphBuilder], and [GraphVerifier] states what makes a graph legal.
public final class Graph {
  private final String name;
  private final List<Var> inputs;
  private final List<Equation> equations;
  private final List<Var> outputs;

  public Graph(String name, List<Var> inputs, List<Equation> equations, List<Var> outputs) {
    this.name = name;
    this.inputs = List.copyOf(inputs);
    this.equations = List.copyOf(equations);
    this.outputs = List.copyOf(outputs);
  }

  public String name() {
    return name;
  }

  public List<Var> inputs() {
    return inputs;
  }

  public List<Equation> equations() {
    return equations;
  }

  /// The results; an input may be one, and a value may be given twice.
  public List<Var> outputs() {
    return outputs;
  }

  public List<TensorType> inputTypes() {
    return inputs.stream().map(Var::type).toList();
  }

  public List<TensorType> outputTypes() {
    return outputs.stream().map(Var::type).toList();
  }

  public FunctionType type() {
    return new FunctionType(inputTypes(), outputTypes());
  }

  @Override
  public String toString() {
    return "graph " + name + ": " + type() + ", " + equations.size() + " equations";
  }
}
