package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.type.DType;
import org.jspecify.annotations.Nullable;

/// `ys = scan {… -> convert<f32>(y: bf16)} -> convert<f32>(scan {… -> y})`: stacked results are
/// stored in the narrow type that they were rounded to anyway.
///
/// Exact, as every bfloat16 and float16 is a float32 and every float32 a float64. Halves the memory
/// of stacked gradients, and what reads them widens them on the way.
public final class DeferWidening implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, DeferWidening::defer);
  }

  private static Optional<List<Var>> defer(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof ControlOp.Scan scan)) {
      return Optional.empty();
    }
    Graph body = equation.regions().getFirst();
    List<Var> outputs = new ArrayList<>(body.outputs());
    for (int i = scan.carries(); i < outputs.size(); i++) {
      Var narrow = narrowOperand(outputs.get(i), body);
      if (narrow != null) {
        outputs.set(i, narrow);
      }
    }
    if (outputs.equals(body.outputs())) {
      return Optional.empty();
    }
    Graph narrowed = new Graph(body.name(), body.inputs(), body.equations(), outputs);
    List<Var> results =
        new ArrayList<>(scope.emit(scan, equation.inputs(), List.of(narrowed), equation.source()));
    for (int i = 0; i < results.size(); i++) {
      DType wide = equation.outputs().get(i).type().dtype();
      if (results.get(i).type().dtype() != wide) {
        Op widen = new ElementwiseOp.Convert(wide);
        results.set(i, scope.emit(widen, List.of(results.get(i)), equation.source()));
      }
    }
    return Optional.of(results);
  }

  /// What `output` is the exact widening of, or null.
  private static @Nullable Var narrowOperand(Var output, Graph body) {
    for (Equation equation : body.equations()) {
      if (equation.op() instanceof ElementwiseOp.Convert(DType wide)
          && equation.output().equals(output)) {
        Var operand = equation.inputs().getFirst();
        DType narrow = operand.type().dtype();
        return narrow.isFloat() && wide.isFloat() && narrow.bits() < wide.bits() ? operand : null;
      }
    }
    return null;
  }
}
