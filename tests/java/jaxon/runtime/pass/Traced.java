package jaxon.runtime.pass;

import java.util.List;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.op.Op;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// Small graphs for the tests of passes.
final class Traced {
  static final TensorType F32 = TensorType.of(DType.F32, 2, 3);
  static final TensorType I32 = TensorType.of(DType.I32, 2, 3);
  static final TensorType I1 = TensorType.of(DType.I1, 2, 3);

  private Traced() {}

  /// A function of one array.
  static Graph of(TensorType type, Function<Array, Array> function) {
    return ofList(List.of(type), args -> List.of(function.apply(args.getFirst())));
  }

  static Graph ofList(List<TensorType> types, Function<List<Array>, List<Array>> function) {
    return Tracer.traceClosed("f", types, function);
  }

  /// An op that `Array` has no method for.
  static Array apply(Op op, Array operand) {
    return Tracer.current().emit(op, List.of(operand), List.of()).getFirst();
  }
}
