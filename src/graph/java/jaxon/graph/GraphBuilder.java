package jaxon.graph;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.infer.TypeRules;
import jaxon.graph.op.Op;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// The only way to make a [Graph]: appends inputs and equations, inferring and checking types.
public final class GraphBuilder {
  private final List<Var> inputs = new ArrayList<>();
  private final List<Equation> equations = new ArrayList<>();

  /// Adds an input.
  public Var input(TensorType type) {
    Var var = new Var(type);
    inputs.add(var);
    return var;
  }

  /// Appends an equation traced from user code and returns its outputs.
  ///
  /// Throws [ShapeException] when the op does not allow the operands' types; the message names the
  /// user's line.
  public List<Var> emit(Op op, List<Var> operands, List<Graph> regions) {
    return emit(op, operands, regions, SourceLine.ofCaller());
  }

  /// Appends an equation on behalf of a known source line, as passes do.
  public List<Var> emit(Op op, List<Var> operands, List<Graph> regions, SourceLine source) {
    List<TensorType> types;
    try {
      types =
          TypeRules.infer(
              op,
              operands.stream().map(Var::type).toList(),
              regions.stream().map(Graph::type).toList());
    } catch (ShapeException e) {
      throw new ShapeException(e.getMessage() + " (at " + source + ")");
    }
    List<Var> outputs = types.stream().map(Var::new).toList();
    equations.add(new Equation(op, operands, outputs, regions, source));
    return outputs;
  }

  /// Appends a finished equation whose inputs are already defined here.
  public void append(Equation equation) {
    equations.add(equation);
  }

  /// Appends a copy of `graph` applied to `args` and returns its outputs.
  public List<Var> inline(Graph graph, List<Var> args) {
    if (args.size() != graph.inputs().size()) {
      throw new IllegalArgumentException(
          graph + " takes " + graph.inputs().size() + " inputs, got " + args.size());
    }
    Renaming renaming = Renaming.of(graph.inputs(), args);
    for (Equation equation : graph.equations()) {
      copy(equation, renaming);
    }
    return renaming.getAll(graph.outputs());
  }

  /// Appends a copy of `equation` with its inputs renamed, and records the names of the fresh
  /// outputs.
  public List<Var> copy(Equation equation, Renaming renaming) {
    List<Var> operands = renaming.getAll(equation.inputs());
    List<Var> outputs = equation.outputs().stream().map(old -> new Var(old.type())).toList();
    equations.add(
        new Equation(equation.op(), operands, outputs, equation.regions(), equation.source()));
    renaming.putAll(equation.outputs(), outputs);
    return outputs;
  }

  /// The finished graph.
  public Graph build(String name, List<Var> outputs) {
    return new Graph(name, inputs, equations, outputs);
  }
}
