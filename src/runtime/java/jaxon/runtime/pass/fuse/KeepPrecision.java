package jaxon.runtime.pass.fuse;

import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.runtime.pass.GraphRewriter;
import jaxon.runtime.pass.Pass;
import jaxon.runtime.pass.RewriteScope;

/// `jaxon.loop(x: bf16) {f, g} -> jaxon.loop(x) {convert<f32>, f, g, convert<bf16>}`: what a loop
/// computes in bf16 is rounded where it leaves the loop, not after each equation.
///
/// Not exact but closer to the true value, and faster: rounding takes longer than most arithmetic.
/// XLA does the same by default (`xla_allow_excess_precision`). Values that are compared, summed or
/// written are rounded first, so that all who read one see the same.
public final class KeepPrecision implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, KeepPrecision::widen);
  }

  private static Optional<List<Var>> widen(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ControlOp.Composite composite)
        || !composite.name().equals(FuseLoops.COMPOSITE)) {
      return Optional.empty();
    }
    Graph body = equation.regions().getFirst();
    boolean hasBf16 =
        body.equations().stream().anyMatch(inner -> inner.output().type().dtype() == DType.BF16);
    return hasBf16
        ? Optional.of(
            scope.emit(
                composite,
                equation.inputs(),
                List.of(new WideBody(body).build()),
                equation.source()))
        : Optional.empty();
  }
}
