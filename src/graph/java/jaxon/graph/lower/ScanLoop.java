package jaxon.graph.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.SourceLine;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// The while loop that one scan becomes.
///
/// The loop carries `(i: i32[], consts…, carry…, xs…, ys…)`, since regions capture nothing.
record ScanLoop(ControlOp.Scan scan, Graph body, SourceLine source) {
  private static final TensorType INDEX = TensorType.of(DType.I32);

  ScanLoop {
    if (scan.length() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a scan of length " + scan.length() + ": at most " + Integer.MAX_VALUE + " steps");
    }
  }

  /// Appends the loop on the scan's operands and returns the scan's results.
  List<Var> emit(GraphBuilder builder, List<Var> operands) {
    List<Var> init = new ArrayList<>();
    init.add(index(builder, 0));
    init.addAll(operands);
    for (TensorType ys : ysTypes()) {
      init.add(zeros(builder, ys));
    }
    int firstCarry = 1 + scan.consts();
    List<Var> last = init;
    if (scan.length() > 0) {
      List<TensorType> types = init.stream().map(Var::type).toList();
      List<Graph> regions = List.of(condition(types), step(types));
      last = builder.emit(new ControlOp.While(), init, regions, source);
    }
    List<Var> results = new ArrayList<>(last.subList(firstCarry, firstCarry + scan.carries()));
    results.addAll(last.subList(1 + operands.size(), last.size()));
    return results;
  }

  private List<TensorType> ysTypes() {
    List<TensorType> outputs = body.outputTypes();
    return outputs.subList(scan.carries(), outputs.size()).stream()
        .map(y -> y.withShape(y.shape().insert(0, scan.length())))
        .toList();
  }

  private Graph condition(List<TensorType> types) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> inputs = types.stream().map(builder::input).toList();
    Var length = index(builder, scan.length());
    Op less = new ElementwiseOp.Compare(ElementwiseOp.Direction.LT);
    return builder.build("scan_cond", List.of(one(builder, less, inputs.getFirst(), length)));
  }

  private Graph step(List<TensorType> types) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> inputs = types.stream().map(builder::input).toList();
    Var counter = inputs.getFirst();
    Var zero = index(builder, 0);
    Var at =
        scan.reverse()
            ? one(builder, BinaryOp.SUBTRACT, index(builder, scan.length() - 1), counter)
            : counter;
    int firstX = 1 + scan.consts() + scan.carries();
    int firstY = 1 + body.inputs().size();
    List<Var> args = new ArrayList<>(inputs.subList(1, firstX));
    for (Var xs : inputs.subList(firstX, firstY)) {
      args.add(row(builder, xs, at, zero));
    }
    List<Var> results = builder.inline(body, args);
    List<Var> next = new ArrayList<>();
    next.add(one(builder, BinaryOp.ADD, counter, index(builder, 1)));
    next.addAll(inputs.subList(1, 1 + scan.consts()));
    next.addAll(results.subList(0, scan.carries()));
    next.addAll(inputs.subList(firstX, firstY));
    for (int i = firstY; i < inputs.size(); i++) {
      Var y = results.get(scan.carries() + i - firstY);
      next.add(withRow(builder, inputs.get(i), y, at, zero));
    }
    return builder.build("scan_step", next);
  }

  /// `xs[at]`.
  private Var row(GraphBuilder builder, Var xs, Var at, Var zero) {
    Shape window = xs.type().shape().with(0, 1);
    List<Var> operands = new ArrayList<>(List.of(xs, at));
    operands.addAll(Collections.nCopies(window.rank() - 1, zero));
    Op slice = new IndexOp.DynamicSlice(window.toList());
    Var sliced = builder.emit(slice, operands, List.of(), source).getFirst();
    return one(builder, new ShapeOp.Reshape(window.without(List.of(0))), sliced);
  }

  /// `ys` with `ys[at] = y`.
  private Var withRow(GraphBuilder builder, Var ys, Var y, Var at, Var zero) {
    Var update = one(builder, new ShapeOp.Reshape(y.type().shape().insert(0, 1)), y);
    List<Var> operands = new ArrayList<>(List.of(ys, update, at));
    operands.addAll(Collections.nCopies(y.type().shape().rank(), zero));
    Op replace = new IndexOp.DynamicUpdateSlice();
    return builder.emit(replace, operands, List.of(), source).getFirst();
  }

  private Var index(GraphBuilder builder, long value) {
    return one(builder, new SourceOp.Constant(Literal.generateLongs(INDEX, _ -> value)));
  }

  private Var zeros(GraphBuilder builder, TensorType type) {
    Literal zero = Literal.splat(type.withShape(Shape.SCALAR), 0);
    Var scalar = one(builder, new SourceOp.Constant(zero));
    return one(builder, new ShapeOp.BroadcastInDim(type.shape(), List.of()), scalar);
  }

  private Var one(GraphBuilder builder, Op op, Var... operands) {
    return builder.emit(op, List.of(operands), List.of(), source).getFirst();
  }
}
