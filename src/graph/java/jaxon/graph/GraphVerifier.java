package jaxon.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import jaxon.graph.infer.TypeRules;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// Checks the invariants of the graph form; run after every pass.
public final class GraphVerifier {
  private GraphVerifier() {}

  /// Throws [IllegalStateException] naming `origin` (the pass that made the graph) and the broken
  /// equation.
  public static void verify(Graph graph, String origin) {
    Set<Var> defined = new HashSet<>();
    for (Var input : graph.inputs()) {
      require(defined.add(input), origin, graph, () -> "input " + input + " is listed twice");
    }
    for (Equation equation : graph.equations()) {
      verifyEquation(graph, equation, defined, origin);
    }
    for (Var output : graph.outputs()) {
      require(
          defined.contains(output), origin, graph, () -> "output " + output + " is not defined");
    }
  }

  private static void verifyEquation(
      Graph graph, Equation equation, Set<Var> defined, String origin) {
    for (Var operand : equation.inputs()) {
      require(
          defined.contains(operand),
          origin,
          graph,
          () -> where(equation) + " uses undefined value " + operand);
    }
    List<TensorType> expected = infer(graph, equation, origin);
    List<TensorType> found = equation.outputs().stream().map(Var::type).toList();
    require(
        expected.equals(found),
        origin,
        graph,
        () -> where(equation) + " gives " + expected + ", not " + found);
    for (Var output : equation.outputs()) {
      require(
          defined.add(output),
          origin,
          graph,
          () -> where(equation) + " defines " + output + " again");
    }
    for (Graph region : equation.regions()) {
      verify(region, origin);
    }
  }

  private static List<TensorType> infer(Graph graph, Equation equation, String origin) {
    try {
      return TypeRules.infer(
          equation.op(),
          equation.inputs().stream().map(Var::type).toList(),
          equation.regions().stream().map(Graph::type).toList());
    } catch (ShapeException e) {
      throw new IllegalStateException(
          problem(origin, graph, where(equation) + ": " + e.getMessage()), e);
    }
  }

  private static String where(Equation equation) {
    return equation.op().opName() + " at " + equation.source();
  }

  /// The problem is spelled out only when there is one: this is done for every value of a graph
  /// after every pass.
  private static void require(
      boolean condition, String origin, Graph graph, Supplier<String> problem) {
    if (!condition) {
      throw new IllegalStateException(problem(origin, graph, problem.get()));
    }
  }

  private static String problem(String origin, Graph graph, String problem) {
    return "illegal graph '" + graph.name() + "' after " + origin + ": " + problem;
  }
}
