package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.TensorSharding;

/// The GPipe schedule: with S stages and M micro-batches a loop of M + S − 1 turns.
///
/// In turn t the stage at place p of the pipeline has micro-batch t − p: the first stage takes it
/// from the batch, the others what the stage before has sent at the end of the turn before. It runs
/// its own layers, and sends on what they carry. Before its first and after its last micro-batch a
/// stage computes on whatever is there (the bubble); nothing of that is kept. A loop in reverse
/// goes through the stages in reverse.
///
/// Stacked results with rows are those of a stage's own turns, a window of all turns. Those that
/// are sums over the batch add up over turns. What the last stage carries is the result; the others
/// give zeros, so that it is a sum over the stages, which goes straight to the form wanted next.
///
/// Huang et al. 2019, "GPipe: Efficient Training of Giant Neural Networks using Pipeline
/// Parallelism".
final class PipelineLoop {
  private static final List<String> STAGE = List.of(MeshAxis.STAGE);

  private final RegionPartitioner scope;
  private final Mesh mesh;
  private final ControlOp.Scan op;
  private final Equation equation;
  private final StageBody body;
  private final int stages;
  private final int microbatches;
  private final DimSharding layers;

  /// @param mesh with the axis of the micro-batches
  PipelineLoop(
      RegionPartitioner scope, Mesh mesh, ControlOp.Scan op, Equation equation, StageBody body) {
    this.scope = scope;
    this.mesh = mesh;
    this.op = op;
    this.equation = equation;
    this.body = body;
    this.stages = mesh.size(MeshAxis.STAGE);
    this.microbatches = mesh.size(MicroBatchCut.AXIS);
    this.layers = DimSharding.of(op.length(), STAGE);
  }

  private long turns() {
    return (long) microbatches + stages - 1;
  }

  private int fixed() {
    return op.consts() + op.carries();
  }

  /// Cut of operand `i`, stacked ones with their layers.
  private MicroBatchCut operandCut(int i) {
    MicroBatchCut cut = body.inputs().get(i);
    return i < fixed() ? cut : cut.prepend(layers);
  }

  private boolean isKept(int output) {
    return output >= op.carries() && !body.outputs().get(output).cut().isBatched();
  }

  private List<Integer> kept() {
    return IntStream.range(0, body.outputs().size()).filter(this::isKept).boxed().toList();
  }

  private List<Integer> perTurn() {
    return IntStream.range(0, body.outputs().size()).filter(i -> !isKept(i)).boxed().toList();
  }

  /// Writes the loop and what comes of it.
  void emit() {
    Emitter emitter = scope.emitter();
    List<Var> operands = new ArrayList<>();
    for (int i = 0; i < equation.inputs().size(); i++) {
      Placed value = scope.placedOf(equation.inputs().get(i));
      TensorSharding cut = body.outside(body.inputs().get(i));
      operands.add(scope.in(value, i < fixed() ? cut : cut.prepend(layers)).local());
    }
    List<TensorType> carried = new ArrayList<>();
    for (int i = 0; i < op.carries(); i++) {
      carried.add(body.graph().outputs().get(i).type());
    }
    for (int i : kept()) {
      TensorType type = body.graph().outputs().get(i).type();
      Shape stacked = type.shape().insert(0, op.length() / stages);
      carried.add(new TensorType(wide(i, type.dtype()), stacked));
    }
    Graph turn = turn(operands.stream().map(Var::type).toList(), carried);
    ControlOp.Scan loop = new ControlOp.Scan(turns(), operands.size(), carried.size(), false);
    carried.forEach(type -> operands.add(emitter.full(type, 0)));
    operands.add(emitter.emit(new SourceOp.Iota(TensorType.of(DType.I32, turns()), 0)));
    List<Var> results = emitter.builder().emit(loop, operands, List.of(turn), equation.source());
    deliver(results.subList(op.carries(), results.size()));
  }

  /// One turn of one stage.
  private Graph turn(List<TensorType> operands, List<TensorType> carried) {
    GraphBuilder builder = new GraphBuilder();
    Emitter emitter = new Emitter(builder, mesh);
    emitter.at(equation.source());
    List<Var> args = operands.stream().map(builder::input).toList();
    List<Var> before = carried.stream().map(builder::input).toList();
    Var turn = builder.input(TensorType.of(DType.I32));
    Var place = pipelinePlace(emitter);
    Var number = emitter.emit(BinaryOp.SUBTRACT, turn, place);
    Var zero = emitter.scalar(DType.I32, 0);
    Var last = emitter.scalar(DType.I32, microbatches - 1);
    Var own = emitter.emit(new ElementwiseOp.Clamp(), zero, number, last);
    Var busy = compare(emitter, ElementwiseOp.Direction.EQ, own, number);
    Var first = compare(emitter, ElementwiseOp.Direction.EQ, place, zero);
    emitter.place(List.of(MicroBatchCut.AXIS), own);
    List<Var> inner = new ArrayList<>(List.of(own));
    for (int i = 0; i < args.size(); i++) {
      Var piece = piece(args.get(i), operandCut(i), emitter);
      boolean arrives = i >= op.consts() && i < fixed();
      inner.add(arrives ? select(emitter, first, piece, before.get(i - op.consts())) : piece);
    }
    ControlOp.Scan ownLayers =
        new ControlOp.Scan(op.length() / stages, op.consts() + 1, op.carries(), op.reverse());
    List<Var> results = builder.emit(ownLayers, inner, List.of(body.graph()), equation.source());
    List<Var> outputs = new ArrayList<>();
    for (int i = 0; i < op.carries(); i++) {
      outputs.add(emitter.emit(toNext(), results.get(i)));
    }
    for (int i : kept()) {
      outputs.add(keep(emitter, i, busy, before.get(outputs.size()), results.get(i)));
    }
    perTurn().forEach(i -> outputs.add(results.get(i)));
    return builder.build("pipeline_turn", outputs);
  }

  /// What is left of a result after a turn.
  private Var keep(Emitter emitter, int output, Var busy, Var before, Var result) {
    if (!body.outputs().get(output).summed()) {
      return select(emitter, busy, result, before);
    }
    Var counted = select(emitter, busy, result, emitter.full(result.type(), 0));
    return emitter.emit(BinaryOp.ADD, before, converted(emitter, counted, before.type().dtype()));
  }

  /// Sums of 16-bit floats add up in float32 and are rounded once.
  private DType wide(int output, DType dtype) {
    boolean narrow = dtype == DType.BF16 || dtype == DType.F16;
    return narrow && body.outputs().get(output).summed() ? DType.F32 : dtype;
  }

  private static Var converted(Emitter emitter, Var value, DType dtype) {
    return value.type().dtype() == dtype
        ? value
        : emitter.emit(new ElementwiseOp.Convert(dtype), value);
  }

  private Var piece(Var value, MicroBatchCut cut, Emitter emitter) {
    return new Resharding(emitter).apply(new Placed(value, cut.all()), cut.one()).local();
  }

  private static Var select(Emitter emitter, Var predicate, Var yes, Var no) {
    Var mask = emitter.spread(predicate, yes.type().shape());
    return emitter.emit(new ElementwiseOp.Select(), mask, yes, no);
  }

  private static Var compare(Emitter emitter, ElementwiseOp.Direction how, Var left, Var right) {
    return emitter.emit(new ElementwiseOp.Compare(how), left, right);
  }

  /// This stage's place in the order in which a micro-batch goes through them.
  private Var pipelinePlace(Emitter emitter) {
    Var place = emitter.place(STAGE);
    return op.reverse()
        ? emitter.emit(BinaryOp.SUBTRACT, emitter.scalar(DType.I32, stages - 1), place)
        : place;
  }

  private CollectiveOp toNext() {
    List<SourceTarget> pairs =
        IntStream.range(0, stages - 1)
            .mapToObj(i -> op.reverse() ? new SourceTarget(i + 1, i) : new SourceTarget(i, i + 1))
            .toList();
    return new CollectiveOp.CollectivePermute(mesh.group(STAGE), pairs);
  }

  /// @param results what is kept, then what each turn gave
  private void deliver(List<Var> results) {
    Emitter emitter = scope.emitter();
    List<Integer> kept = kept();
    for (int i = 0; i < kept.size(); i++) {
      StageBody.Output output = body.outputs().get(kept.get(i));
      DType dtype = body.graph().outputs().get(kept.get(i)).type().dtype();
      Var value = converted(emitter, results.get(i), dtype);
      TensorSharding cut = output.cut().all().prepend(layers);
      deliver(kept.get(i), new Placed(value, cut, output.partial()));
    }
    List<Integer> perTurn = perTurn();
    for (int i = 0; i < perTurn.size(); i++) {
      int output = perTurn.get(i);
      MicroBatchCut cut = body.outputs().get(output).cut();
      Var byTurn = results.get(kept.size() + i);
      if (output < op.carries()) {
        deliver(output, carried(emitter, cut, byTurn));
      } else {
        // The rows stay where they are: most of these go to the pipeline that runs backward.
        Var stacked = cut.prepend(layers).join(ownTurns(emitter, byTurn), emitter);
        Placed value = new Placed(stacked, body.outside(cut).prepend(layers));
        scope.place(equation.outputs().get(output), value);
      }
    }
  }

  private void deliver(int output, Placed value) {
    scope.deliver(equation.outputs().get(output), value);
  }

  /// The turns in which this stage had its micro-batches, one after the other.
  private Var ownTurns(Emitter emitter, Var byTurn) {
    Shape shape = byTurn.type().shape();
    List<Var> operands = new ArrayList<>(List.of(byTurn));
    operands.addAll(emitter.starts(shape.rank(), 0, pipelinePlace(emitter)));
    return emitter.emit(new IndexOp.DynamicSlice(shape.with(0, microbatches).toList()), operands);
  }

  /// What left the last stage; zeros on the others.
  private Placed carried(Emitter emitter, MicroBatchCut cut, Var byTurn) {
    Shape shape = byTurn.type().shape();
    long from = cut.isBatched() ? stages - 1 : turns() - 1;
    List<Long> start = new ArrayList<>(Collections.nCopies(shape.rank(), 0L));
    start.set(0, from);
    ShapeOp.Slice slice =
        new ShapeOp.Slice(start, shape.toList(), Collections.nCopies(shape.rank(), 1L));
    Var last = emitter.emit(slice, byTurn);
    Var value =
        cut.isBatched()
            ? cut.join(last, emitter)
            : emitter.emit(new ShapeOp.Reshape(shape.without(List.of(0))), last);
    Var end = emitter.scalar(DType.I32, stages - 1);
    Var isLast = compare(emitter, ElementwiseOp.Direction.EQ, pipelinePlace(emitter), end);
    Var masked = select(emitter, isLast, value, emitter.full(value.type(), 0));
    boolean bool = value.type().dtype() == DType.I1;
    ReduceOp.Kind kind = bool ? ReduceOp.Kind.OR : ReduceOp.Kind.SUM;
    return new Placed(masked, body.outside(cut), Optional.of(new Partial(STAGE, kind)));
  }
}
