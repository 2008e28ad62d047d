package jaxon.runtime.pass.fuse;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.runtime.pass.Pass;

/// `y = f(x); z = g(y, x) -> y, z = jaxon.loop(x) {f, g}`: elementwise equations, reductions and
/// the views between them become loops that read and write memory once.
///
/// Exact: a loop's region holds the same equations. Cheap equations that several loops read are
/// computed again in each instead of being stored.
public final class FuseLoops implements Pass {
  /// Name of the composite. Its attributes are `shape`, the loop's shape (`8x256x512`; `1` for a
  /// scalar), and `row_dims`, how many of its leading dims count rows; the others count columns.
  ///
  /// Each result is *full* (as many elements as the loop's shape, in its row-major order), a *row*
  /// value (one element per row: a reduction over the columns and what is computed from it), a
  /// *column* sum (a reduction over all rows) or a *total* (over everything). Nothing in the region
  /// reads column sums and totals.
  public static final String COMPOSITE = "jaxon.loop";

  /// The attribute that holds the loop's shape.
  public static final String SHAPE = "shape";

  /// The attribute that says how many leading dims are rows.
  public static final String ROW_DIMS = "row_dims";

  @Override
  public Graph run(Graph graph) {
    return fuse(graph, new IdentityHashMap<>());
  }

  private static Graph fuse(Graph graph, Map<Graph, Graph> done) {
    Graph known = done.get(graph);
    if (known != null) {
      return known;
    }
    List<Equation> equations = new ArrayList<>();
    boolean changed = false;
    for (Equation equation : graph.equations()) {
      Equation inner = fuseRegions(equation, done);
      changed |= !inner.equals(equation);
      equations.add(inner);
    }
    Graph current =
        changed ? new Graph(graph.name(), graph.inputs(), equations, graph.outputs()) : graph;
    Uses uses = new Uses(current);
    Clustering clustering = new Clustering(current, uses);
    List<LoopGroup> groups = clustering.run();
    Graph result =
        groups.isEmpty()
            ? current
            : new LoopEmitter(current, uses, groups, clustering.membership()).emit();
    done.put(graph, result);
    return result;
  }

  private static Equation fuseRegions(Equation equation, Map<Graph, Graph> done) {
    // A composite that is still there has a kernel; its decomposition does not run.
    if (equation.regions().isEmpty() || equation.op() instanceof ControlOp.Composite) {
      return equation;
    }
    List<Graph> regions = equation.regions().stream().map(region -> fuse(region, done)).toList();
    return regions.equals(equation.regions())
        ? equation
        : new Equation(
            equation.op(), equation.inputs(), equation.outputs(), regions, equation.source());
  }
}
