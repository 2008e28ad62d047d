package jaxon.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.Op;

/// A short text of a graph for expectations: values numbered in order of definition, regions
/// indented.
public final class GraphListing {
  private final StringBuilder text = new StringBuilder();
  private final Map<Var, String> names = new HashMap<>();

  private GraphListing() {}

  /// One line per input list, equation and output list.
  public static String of(Graph graph) {
    GraphListing listing = new GraphListing();
    listing.graph(graph, "");
    return listing.text.toString();
  }

  /// The op names of the graph's own equations, in order, without their dialect.
  public static List<String> ops(Graph graph) {
    return graph.equations().stream().map(equation -> shortName(equation.op())).toList();
  }

  private static String shortName(Op op) {
    return op.opName().substring(op.opName().indexOf('.') + 1);
  }

  private void graph(Graph graph, String indent) {
    text.append(indent).append(graph.name()).append('(').append(typed(graph.inputs()));
    text.append(")\n");
    graph.equations().forEach(equation -> equation(equation, indent + "  "));
    text.append(indent).append("  return ").append(list(graph.outputs())).append('\n');
  }

  private void equation(Equation equation, String indent) {
    String operands = list(equation.inputs());
    text.append(indent).append(typed(equation.outputs())).append(" = ");
    text.append(attributes(equation.op())).append('(').append(operands).append(")\n");
    equation.regions().forEach(region -> graph(region, indent + "  "));
  }

  private static String attributes(Op op) {
    return op instanceof Record
        ? shortName(op) + op.toString().replaceFirst("^\\w+", "")
        : shortName(op);
  }

  private String typed(List<Var> vars) {
    return vars.stream()
        .map(var -> name(var) + ": " + var.type())
        .collect(Collectors.joining(", "));
  }

  private String list(List<Var> vars) {
    return vars.stream().map(this::name).collect(Collectors.joining(", "));
  }

  private String name(Var var) {
    return names.computeIfAbsent(var, _ -> "%" + names.size());
  }
}
