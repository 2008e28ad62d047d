package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.GraphBuilder;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Mesh;

/// Writes equations of the per-device program on behalf of one line of the global one.
final class Emitter {
  private final GraphBuilder builder;
  private final Mesh mesh;
  private final Map<List<String>, Var> places = new HashMap<>();
  private SourceLine source = SourceLine.UNKNOWN;

  Emitter(GraphBuilder builder, Mesh mesh) {
    this.builder = builder;
    this.mesh = mesh;
  }

  Mesh mesh() {
    return mesh;
  }

  GraphBuilder builder() {
    return builder;
  }

  /// From now on equations are written on behalf of this line.
  void at(SourceLine line) {
    source = line;
  }

  Var emit(Op op, Var... operands) {
    return builder.emit(op, List.of(operands), List.of(), source).getFirst();
  }

  Var emit(Op op, List<Var> operands) {
    return builder.emit(op, operands, List.of(), source).getFirst();
  }

  /// A scalar.
  Var scalar(DType dtype, double value) {
    return emit(new SourceOp.Constant(Literal.splat(TensorType.of(dtype), value)));
  }

  /// A value repeated to a shape.
  Var full(TensorType type, double value) {
    return spread(scalar(type.dtype(), value), type.shape());
  }

  /// A scalar repeated to a shape.
  Var spread(Var scalar, Shape shape) {
    return shape.rank() == 0 ? scalar : emit(new ShapeOp.BroadcastInDim(shape, List.of()), scalar);
  }

  /// `value` in another type.
  Var converted(Var value, DType dtype) {
    return value.type().dtype() == dtype ? value : emit(new ElementwiseOp.Convert(dtype), value);
  }

  /// One of two values of one type.
  Var select(Var predicate, Var yes, Var no) {
    return emit(new ElementwiseOp.Select(), spread(predicate, yes.type().shape()), yes, no);
  }

  /// One slice of what `slots` stack along dim 0.
  Var slot(Var slots, Var number) {
    Shape one = slots.type().shape().with(0, 1);
    List<Var> operands = new ArrayList<>(List.of(slots));
    operands.addAll(starts(one.rank(), 0, number));
    Var slice = emit(new IndexOp.DynamicSlice(one.toList()), operands);
    return emit(new ShapeOp.Reshape(one.without(List.of(0))), slice);
  }

  /// `slots` with another slice in the place of one.
  Var withSlot(Var slots, Var number, Var slice) {
    Shape one = slots.type().shape().with(0, 1);
    List<Var> operands = new ArrayList<>(List.of(slots));
    operands.add(emit(new ShapeOp.Reshape(one), slice));
    operands.addAll(starts(one.rank(), 0, number));
    return emit(new IndexOp.DynamicUpdateSlice(), operands);
  }

  /// This device's place along `axes`, `i32[]`.
  Var place(List<String> axes) {
    Var known = places.get(axes);
    if (known == null) {
      known = newPlace(axes);
      places.put(axes, known);
    }
    return known;
  }

  /// Micro-batches are no devices; their place is asked for on its own.
  private Var newPlace(List<String> axes) {
    int last = axes.size() - 1;
    if (last == 0 || !axes.get(last).equals(MicroBatchCut.AXIS)) {
      return emit(new CollectiveOp.AxisIndex(mesh.group(axes)));
    }
    Var major = offset(axes.subList(0, last), mesh.size(MicroBatchCut.AXIS));
    return emit(BinaryOp.ADD, major, place(List.of(MicroBatchCut.AXIS)));
  }

  /// Says what the place along `axes` is.
  void place(List<String> axes, Var place) {
    places.put(axes, place);
  }

  /// Where this device's block of `blockSize` elements starts, `i32[]`.
  Var offset(List<String> axes, long blockSize) {
    return emit(BinaryOp.MULTIPLY, place(axes), scalar(DType.I32, (double) blockSize));
  }

  /// `value` on the first device along `axes`, zeros on the others: the sum has it once.
  Var onFirst(Var value, List<String> axes) {
    Var first =
        emit(
            new ElementwiseOp.Compare(ElementwiseOp.Direction.EQ),
            place(axes),
            scalar(DType.I32, 0));
    return select(first, value, full(value.type(), 0));
  }

  /// Zeros as start indices, with one of them replaced.
  List<Var> starts(int rank, int dim, Var start) {
    Var zero = scalar(DType.I32, 0);
    List<Var> starts = new ArrayList<>(Collections.nCopies(rank, zero));
    starts.set(dim, start);
    return starts;
  }
}
