package jaxon.runtime.pass;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;

/// `custom_vjp(x) {primal, …} -> primal(x)`, `remat(x) {f} -> f(x)`, `composite(x) {f} -> f(x)`.
///
/// Differentiation is over when a graph is compiled, so the regions that serve it are dropped. A
/// composite stays when the backend runs it by name; its decomposition is rewritten all the same.
public final class InlineRegions implements Pass {
  private final Predicate<String> runsComposite;

  /// Keeps the composites whose name satisfies `runsComposite`.
  public InlineRegions(Predicate<String> runsComposite) {
    this.runsComposite = runsComposite;
  }

  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, this::inline);
  }

  private Optional<List<Var>> inline(Equation equation, RewriteScope scope) {
    boolean inlined =
        switch (equation.op()) {
          case ControlOp.CustomVjp _, ControlOp.Remat _ -> true;
          case ControlOp.Composite composite -> !runsComposite.test(composite.name());
          case ControlOp.While _, ControlOp.Case _, ControlOp.Scan _, ControlOp.ShardMap _ -> false;
          case UnaryOp _, BinaryOp _, ElementwiseOp _, SourceOp _, ShapeOp _ -> false;
          case IndexOp _, ContractOp _, ReduceOp _, AnnotationOp _, CollectiveOp _ -> false;
        };
    return inlined
        ? Optional.of(scope.inline(equation.regions().getFirst(), equation.inputs()))
        : Optional.empty();
  }
}
