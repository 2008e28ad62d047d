package jaxon.runtime.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.Literal;

/// `y = f(x); z = f(x) -> y = f(x); z = y`, within one graph or region.
///
/// Equations are the same when op, operands and regions are: ops by value, operands and regions by
/// identity. The results of a barrier are values of their own, so what is computed behind one is
/// not merged with what is computed before it.
public final class MergeCommon implements Pass {
  /// Larger constants are compared by identity, not element by element.
  private static final long MAX_COMPARED_ELEMENTS = 4096;

  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewriteWithState(graph, () -> new Seen()::merge);
  }

  private record Key(Object op, List<Var> operands, List<Graph> regions) {}

  /// The equations of one region that were seen so far.
  private static final class Seen {
    private final Map<Key, List<Var>> results = new HashMap<>();

    Optional<List<Var>> merge(Equation equation, RewriteScope scope) {
      if (equation.op() instanceof AnnotationOp.OptimizationBarrier) {
        return Optional.empty();
      }
      Key key = new Key(comparable(equation.op()), equation.inputs(), equation.regions());
      return Optional.ofNullable(results.putIfAbsent(key, equation.outputs()));
    }

    private static Object comparable(Op op) {
      return op instanceof SourceOp.Constant(Literal value)
              && !value.isSplat()
              && value.type().shape().elements() > MAX_COMPARED_ELEMENTS
          ? new SameLiteral(value)
          : op;
    }
  }

  /// A literal that equals only itself.
  private record SameLiteral(Literal value) {
    @Override
    @SuppressWarnings("ReferenceEquality") // Comparing millions of elements is what this avoids.
    public boolean equals(Object other) {
      return other instanceof SameLiteral(Literal literal) && value == literal;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(value);
    }
  }
}
