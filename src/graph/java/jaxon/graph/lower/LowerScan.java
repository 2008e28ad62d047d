package jaxon.graph.lower;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Renaming;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;

/// `scan(consts, carry, xs) { body }` -> `while(i, consts, carry, xs, ys) { i < length } { … }`, in
/// the graph and in all its regions.
///
/// Each step slices row `i` (the `i`-th from the end when reversed) from the `xs`, and writes row
/// `i` of the `ys`, which start as zeros. A scan of length 0 becomes its carry and empty `ys`.
public final class LowerScan {
  private LowerScan() {}

  /// An equivalent graph without scans; `graph` itself when it has none.
  public static Graph apply(Graph graph) {
    if (!hasScan(graph)) {
      return graph;
    }
    GraphBuilder builder = new GraphBuilder();
    Renaming renaming = new Renaming();
    for (Var input : graph.inputs()) {
      renaming.put(input, builder.input(input.type()));
    }
    for (Equation equation : graph.equations()) {
      rewrite(equation, builder, renaming);
    }
    return builder.build(graph.name(), renaming.getAll(graph.outputs()));
  }

  private static boolean hasScan(Graph graph) {
    for (Equation equation : graph.equations()) {
      boolean inside = equation.regions().stream().anyMatch(LowerScan::hasScan);
      if (inside || equation.op() instanceof ControlOp.Scan) {
        return true;
      }
    }
    return false;
  }

  private static void rewrite(Equation equation, GraphBuilder builder, Renaming renaming) {
    List<Graph> regions = equation.regions().stream().map(LowerScan::apply).toList();
    if (equation.op() instanceof ControlOp.Scan scan) {
      List<Var> operands = renaming.getAll(equation.inputs());
      ScanLoop loop = new ScanLoop(scan, regions.getFirst(), equation.source());
      renaming.putAll(equation.outputs(), loop.emit(builder, operands));
      return;
    }
    List<Var> outputs = new ArrayList<>();
    for (Var output : equation.outputs()) {
      outputs.add(new Var(output.type()));
    }
    List<Var> operands = renaming.getAll(equation.inputs());
    builder.append(new Equation(equation.op(), operands, outputs, regions, equation.source()));
    renaming.putAll(equation.outputs(), outputs);
  }
}
