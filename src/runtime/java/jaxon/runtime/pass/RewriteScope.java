package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;
import jaxon.graph.op.Op;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.Literal;
import org.jspecify.annotations.Nullable;

/// The graph under construction in a rewrite: takes equations and knows how each value is defined.
public final class RewriteScope {
  private final List<Equation> equations = new ArrayList<>();
  private final Map<Var, Equation> definitions = new HashMap<>();

  /// The equation that defines `var`, or null for a graph input.
  @Nullable Equation definition(Var var) {
    return definitions.get(var);
  }

  /// The value of `var` if a constant defines it, else null.
  @Nullable Literal constant(Var var) {
    Equation definition = definitions.get(var);
    return definition != null && definition.op() instanceof SourceOp.Constant(Literal value)
        ? value
        : null;
  }

  /// Appends an equation without regions that has one result.
  Var emit(Op op, List<Var> operands, SourceLine source) {
    return emit(op, operands, List.of(), source).getFirst();
  }

  /// Appends an equation, inferring and checking its types.
  public List<Var> emit(Op op, List<Var> operands, List<Graph> regions, SourceLine source) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> outputs = builder.emit(op, operands, regions, source);
    append(new Equation(op, operands, outputs, regions, source));
    return outputs;
  }

  /// Appends a copy of `region` applied to `arguments`.
  List<Var> inline(Graph region, List<Var> arguments) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> results = builder.inline(region, arguments);
    builder.build(region.name(), results).equations().forEach(this::append);
    return results;
  }

  void append(Equation equation) {
    equations.add(equation);
    equation.outputs().forEach(output -> definitions.put(output, equation));
  }

  List<Equation> equations() {
    return equations;
  }
}
