package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.TensorSharding;

/// Writes an op on local parts: the same op, with the sizes of the parts in its attributes.
///
/// Ops that speak of positions (iota, gather, scatter) also shift them by where the part starts.
final class LocalOps {
  private final Emitter emitter;

  LocalOps(Emitter emitter) {
    this.emitter = emitter;
  }

  /// The local results.
  List<Var> emit(Equation equation, List<Var> operands, FactorCuts cuts) {
    if (equation.outputs().size() != 1) {
      return emitter.builder().emit(equation.op(), operands, List.of(), equation.source());
    }
    TensorSharding cut = cuts.result(0);
    Shape local = cut.localShape(emitter.mesh());
    return List.of(
        switch (equation.op()) {
          case SourceOp.Iota iota -> iota(iota, cut, local);
          case SourceOp.Constant constant -> emitter.emit(constant(constant, local));
          case IndexOp.Gather gather ->
              new LocalLookups(emitter).gather(gather, equation, operands, cuts);
          case IndexOp.Scatter scatter ->
              new LocalLookups(emitter).scatter(scatter, equation, operands, cuts);
          default -> emitter.emit(resized(equation.op(), operands, local), operands);
        });
  }

  private static Op resized(Op op, List<Var> operands, Shape local) {
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast -> new ShapeOp.BroadcastInDim(local, broadcast.dims());
      case ShapeOp.Reshape _ -> new ShapeOp.Reshape(local);
      case ShapeOp.Slice slice -> slice(slice, operands.getFirst().type().shape(), local);
      case IndexOp.DynamicSlice _ -> new IndexOp.DynamicSlice(local.toList());
      default -> op;
    };
  }

  /// Dims that are sliced are whole here; the others keep all they have.
  private static Op slice(ShapeOp.Slice op, Shape from, Shape to) {
    List<Long> limits = new ArrayList<>(op.limit());
    for (int dim = 0; dim < from.rank(); dim++) {
      boolean all = op.start().get(dim) == 0 && op.strides().get(dim) == 1;
      if (all && from.dim(dim) == to.dim(dim)) {
        limits.set(dim, from.dim(dim));
      }
    }
    return new ShapeOp.Slice(op.start(), limits, op.strides());
  }

  private static SourceOp.Constant constant(SourceOp.Constant op, Shape local) {
    Literal value = op.value();
    if (value.type().shape().equals(local)) {
      return op;
    }
    TensorType type = value.type().withShape(local);
    return new SourceOp.Constant(
        type.dtype().isFloat()
            ? Literal.splat(type, value.get(0))
            : Literal.generateLongs(type, _ -> value.getLong(0)));
  }

  private Var iota(SourceOp.Iota op, TensorSharding cut, Shape local) {
    DType dtype = op.type().dtype();
    DimSharding along = cut.dim(op.dim());
    Var from0 = emitter.emit(new SourceOp.Iota(op.type().withShape(local), op.dim()));
    if (along.isWhole()) {
      return from0;
    }
    Var offset = emitter.offset(along.axes(), local.dim(op.dim()));
    Var converted =
        dtype == DType.I32 ? offset : emitter.emit(new ElementwiseOp.Convert(dtype), offset);
    return emitter.emit(BinaryOp.ADD, from0, emitter.spread(converted, local));
  }
}
