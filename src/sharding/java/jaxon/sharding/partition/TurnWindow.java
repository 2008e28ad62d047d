package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Var;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Mesh;

/// What a turn of a pipeline works on, of all that a device has: the rows of one micro-batch, and
/// of stacked values the layers of one round.
///
/// @param busy whether there is work in this turn; if not, nothing is written
/// @param microbatch the number of the micro-batch
/// @param layer the first of the turn's layers; empty if these are all that the stage has
/// @param layers how many they are
record TurnWindow(Emitter emitter, Var busy, Var microbatch, Optional<Var> layer, long layers) {
  /// The type of a value of which each micro-batch has a part like `part`.
  static TensorType whole(TensorType part, MicroBatchCut cut, Mesh mesh) {
    Shape shape = part.shape();
    if (!cut.isBatched()) {
      return part;
    }
    long rows = shape.dim(cut.dim()) * mesh.size(MicroBatchCut.AXIS);
    return part.withShape(shape.with(cut.dim(), rows));
  }

  /// The turn's part of a value.
  ///
  /// @param stacked whether the value has its layers in front of what `cut` speaks of
  Var read(Var value, MicroBatchCut cut, boolean stacked) {
    return isAll(cut, stacked) ? value : new Window(value, cut, stacked).read();
  }

  /// `value` with `part` in the place of the turn's part, if there is work in this turn.
  Var write(Var value, MicroBatchCut cut, boolean stacked, Var part) {
    if (isAll(cut, stacked)) {
      return select(part, value);
    }
    Window window = new Window(value, cut, stacked);
    return window.write(select(part, window.read()));
  }

  /// `value` with `part` in the place of the turn's part.
  Var put(Var value, MicroBatchCut cut, Var part) {
    return new Window(value, cut, false).write(part);
  }

  /// `part` if there is work in this turn, otherwise `other`.
  Var select(Var part, Var other) {
    return emitter.select(busy, part, other);
  }

  private boolean isAll(MicroBatchCut cut, boolean stacked) {
    return !cut.isBatched() && (!stacked || layer.isEmpty());
  }

  /// The place of the turn's part in one value, over the digits of its dims.
  private final class Window {
    private final Var value;
    private final List<Long> digits;
    private final List<Long> sizes;
    private final List<Var> starts;
    private final Shape part;

    Window(Var value, MicroBatchCut cut, boolean stacked) {
      this.value = value;
      Shape shape = value.type().shape();
      this.digits = new ArrayList<>(shape.toList());
      Shape one = shape;
      int rows = (stacked ? 1 : 0) + cut.dim();
      if (cut.isBatched()) {
        long before = cut.before(emitter.mesh());
        long count = emitter.mesh().size(MicroBatchCut.AXIS);
        digits.set(rows, before);
        digits.addAll(rows + 1, List.of(count, shape.dim(rows) / before / count));
        one = one.with(rows, shape.dim(rows) / count);
      }
      this.sizes = new ArrayList<>(digits);
      this.starts =
          new ArrayList<>(Collections.nCopies(digits.size(), emitter.scalar(DType.I32, 0)));
      if (cut.isBatched()) {
        sizes.set(rows + 1, 1L);
        starts.set(rows + 1, microbatch);
      }
      if (stacked && layer.isPresent()) {
        sizes.set(0, layers);
        starts.set(0, layer.get());
        one = one.with(0, layers);
      }
      this.part = one;
    }

    Var read() {
      List<Var> operands = new ArrayList<>(List.of(reshaped(value, Shape.of(digits))));
      operands.addAll(starts);
      return reshaped(emitter.emit(new IndexOp.DynamicSlice(sizes), operands), part);
    }

    Var write(Var replacement) {
      List<Var> operands =
          new ArrayList<>(
              List.of(reshaped(value, Shape.of(digits)), reshaped(replacement, Shape.of(sizes))));
      operands.addAll(starts);
      Var replaced = emitter.emit(new IndexOp.DynamicUpdateSlice(), operands);
      return reshaped(replaced, value.type().shape());
    }

    private Var reshaped(Var var, Shape shape) {
      return var.type().shape().equals(shape) ? var : emitter.emit(new ShapeOp.Reshape(shape), var);
    }
  }
}
