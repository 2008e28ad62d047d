package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.Literal;

/// `scan(splat, …) {c, … -> f(c)} -> scan(splat, …) {c, … -> f(splat)}`, for consts of scans and
/// operands of cases, so that what is known outside a region can be folded inside.
///
/// The operand stays until [EliminateDead] finds that the region does not use it.
public final class SinkConstants implements Pass {
  @Override
  public Graph run(Graph graph) {
    Graph current = graph;
    Graph next = GraphRewriter.rewrite(graph, SinkConstants::sink);
    // Regions are rewritten before the equation that holds them: one round for each nesting level.
    while (!next.equals(current)) {
      current = next;
      next = GraphRewriter.rewrite(current, SinkConstants::sink);
    }
    return current;
  }

  private static Optional<List<Var>> sink(Equation equation, RewriteScope scope) {
    if (equation.op() instanceof ControlOp.Scan scan) {
      return sink(equation, 0, scan.consts(), scope);
    }
    return equation.op() instanceof ControlOp.Case
        ? sink(equation, 1, equation.inputs().size() - 1, scope)
        : Optional.empty();
  }

  /// Operand `first + i` is input `i` of every region, for `count` of them.
  private static Optional<List<Var>> sink(
      Equation equation, int first, int count, RewriteScope scope) {
    Map<Integer, Literal> known = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Literal value = scope.constant(equation.inputs().get(first + i));
      if (value != null && value.isSplat()) {
        known.put(i, value);
      }
    }
    List<Graph> regions =
        equation.regions().stream().map(region -> withConstants(region, known)).toList();
    return regions.equals(equation.regions())
        ? Optional.empty()
        : Optional.of(scope.emit(equation.op(), equation.inputs(), regions, equation.source()));
  }

  private static Graph withConstants(Graph region, Map<Integer, Literal> known) {
    Set<Var> used = EliminateDead.used(region);
    GraphBuilder builder = new GraphBuilder();
    List<Var> arguments = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < region.inputs().size(); i++) {
      Var input = region.inputs().get(i);
      Var argument = builder.input(input.type());
      Literal value = known.get(i);
      if (value != null && used.contains(input)) {
        argument = builder.emit(new SourceOp.Constant(value), List.of(), List.of()).getFirst();
        changed = true;
      }
      arguments.add(argument);
    }
    return changed ? builder.build(region.name(), builder.inline(region, arguments)) : region;
  }
}
