package jaxon.autodiff;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;

/// Forward values as the backward pass sees them.
///
/// Values that are cheap to make again from smaller ones (constants, broadcasts, layout changes,
/// widening conversions) or are others under another name are made again in the backward trace, so
/// that they are never saved across it. Values that were given from outside are taken as given.
final class SavedValues {
  private final Map<Var, Array> values;
  private final Map<Var, Equation> producers;
  private final Map<Var, Array> remade;

  /// @param known values that are not made again
  SavedValues(Map<Var, Array> values, Map<Var, Equation> producers, Map<Var, Array> known) {
    this.values = values;
    this.producers = producers;
    this.remade = new HashMap<>(known);
  }

  Array get(Var var) {
    Array known = remade.get(var);
    if (known != null) {
      return known;
    }
    Equation producer = producers.get(var);
    Array value =
        producer != null && isCheap(producer)
            ? remake(producer)
            : Objects.requireNonNull(values.get(var), "value not replayed");
    remade.put(var, value);
    return value;
  }

  private Array remake(Equation producer) {
    List<Array> operands = producer.inputs().stream().map(this::get).toList();
    return Tracer.current().emit(producer.op(), operands, List.of(), producer.source()).getFirst();
  }

  private static boolean isCheap(Equation producer) {
    Op op = producer.op();
    return op instanceof SourceOp
        || op instanceof ShapeOp.BroadcastInDim
        || op instanceof ShapeOp.Reshape
        || op instanceof ShapeOp.Transpose
        || op instanceof AnnotationOp.Name
        || op instanceof AnnotationOp.ShardingConstraint
        || (op instanceof ElementwiseOp.Convert convert
            && convert.dtype().bytes() >= producer.inputs().getFirst().type().dtype().bytes());
  }
}
