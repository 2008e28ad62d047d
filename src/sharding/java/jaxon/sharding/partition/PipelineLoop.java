package jaxon.sharding.partition;

import java.util.ArrayList;
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
import jaxon.sharding.Pipelining;
import jaxon.sharding.TensorSharding;

/// A loop over layers as a pipeline: a loop over the turns of a [PipelineSchedule].
///
/// In each turn a stage takes a micro-batch, the first stage from the batch, the others from what
/// the stage before has sent at the end of the turn before, runs its own layers on it, and sends on
/// what they carry. In a pipeline of several rounds the last stage sends to the first, which lets
/// it wait for its turn. A loop in reverse goes through the stages, and through the rounds, in
/// reverse.
///
/// All results are carried from turn to turn and each turn writes its part of them ([TurnWindow]):
/// stacked ones for the turn's layers, those with rows for its micro-batch. Results that are sums
/// over the batch add up over turns. What the last stage carries in the end is the loop's result;
/// the others give zeros, so that it is a sum over the stages, which goes straight to the form
/// wanted next.
final class PipelineLoop {
  private static final List<String> STAGE = List.of(MeshAxis.STAGE);

  private final RegionPartitioner scope;
  private final Mesh mesh;
  private final ControlOp.Scan op;
  private final Equation equation;
  private final StageBody body;
  private final PipelineSchedule schedule;
  private final DimSharding layers;

  /// @param mesh with the axis of the micro-batches
  PipelineLoop(
      RegionPartitioner scope, Mesh mesh, ControlOp.Scan op, Equation equation, StageBody body) {
    this.scope = scope;
    this.mesh = mesh;
    this.op = op;
    this.equation = equation;
    this.body = body;
    Pipelining asked = scope.plan().pipelining();
    this.schedule =
        new PipelineSchedule(
            mesh.size(MeshAxis.STAGE),
            mesh.size(MicroBatchCut.AXIS),
            asked.repeats(mesh, op.length()));
    this.layers = asked.layers(mesh, op.length());
  }

  private int fixed() {
    return op.consts() + op.carries();
  }

  private boolean isStacked(int output) {
    return output >= op.carries();
  }

  /// Layers of a stage in one turn.
  private long group() {
    return op.length() / schedule.stages() / schedule.repeats();
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
    List<TensorType> given = operands.stream().map(Var::type).toList();
    List<TensorType> carried = new ArrayList<>(sent());
    carried.addAll(waiting());
    carried.addAll(results());
    Graph turn = new Turn(given, carried).write();
    ControlOp.Scan loop =
        new ControlOp.Scan(schedule.turns(), operands.size(), carried.size(), false);
    carried.forEach(type -> operands.add(emitter.full(type, 0)));
    TensorType numbers = TensorType.of(DType.I32, schedule.turns());
    operands.add(emitter.emit(new SourceOp.Iota(numbers, 0)));
    List<Var> after = emitter.builder().emit(loop, operands, List.of(turn), equation.source());
    deliver(after.subList(carried.size() - results().size(), carried.size()));
  }

  /// What a stage gives to the next.
  private List<TensorType> sent() {
    return body.graph().outputs().subList(0, op.carries()).stream().map(Var::type).toList();
  }

  /// What has come around to the first stage and waits for its turn: a slot for each turn of delay.
  private List<TensorType> waiting() {
    long slots = schedule.delay();
    return slots == 0
        ? List.of()
        : sent().stream().map(type -> type.withShape(type.shape().insert(0, slots))).toList();
  }

  /// The results, on a device.
  private List<TensorType> results() {
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < body.outputs().size(); i++) {
      TensorType part = body.graph().outputs().get(i).type();
      TensorType whole = TurnWindow.whole(part, body.outputs().get(i).cut(), mesh);
      TensorType type = whole.withDType(typeOfSum(i, whole.dtype()));
      long stacked = op.length() / schedule.stages();
      types.add(isStacked(i) ? type.withShape(type.shape().insert(0, stacked)) : type);
    }
    return types;
  }

  /// Sums of 16-bit floats add up in float32 and are rounded once.
  private DType typeOfSum(int output, DType dtype) {
    boolean narrow = dtype == DType.BF16 || dtype == DType.F16;
    return narrow && body.outputs().get(output).summed() ? DType.F32 : dtype;
  }

  private static Var converted(Emitter emitter, Var value, DType dtype) {
    return value.type().dtype() == dtype
        ? value
        : emitter.emit(new ElementwiseOp.Convert(dtype), value);
  }

  private static Var select(Emitter emitter, Var predicate, Var yes, Var no) {
    Var mask = emitter.spread(predicate, yes.type().shape());
    return emitter.emit(new ElementwiseOp.Select(), mask, yes, no);
  }

  /// This stage's place in the order in which a micro-batch goes through them.
  private Var pipelinePlace(Emitter emitter) {
    Var place = emitter.place(STAGE);
    return op.reverse()
        ? emitter.emit(BinaryOp.SUBTRACT, emitter.scalar(DType.I32, schedule.stages() - 1), place)
        : place;
  }

  /// From each stage to the next; from the last to the first if there are several rounds.
  private CollectiveOp toNext() {
    int stages = schedule.stages();
    List<SourceTarget> pairs =
        IntStream.range(0, schedule.isCircular() ? stages : stages - 1)
            .map(i -> op.reverse() ? stages - 1 - i : i)
            .mapToObj(i -> new SourceTarget(i, Math.floorMod(op.reverse() ? i - 1 : i + 1, stages)))
            .toList();
    return new CollectiveOp.CollectivePermute(mesh.group(STAGE), pairs);
  }

  /// One turn of one stage.
  private final class Turn {
    private final GraphBuilder builder = new GraphBuilder();
    private final Emitter emitter = new Emitter(builder, mesh);
    private final List<Var> args;
    private final List<Var> before;
    private final Var number;
    private final PipelineTurn turn;
    private final TurnWindow window;

    /// @param operands of the pipeline
    /// @param carried from turn to turn: what arrives, what waits, results
    Turn(List<TensorType> operands, List<TensorType> carried) {
      emitter.at(equation.source());
      args = operands.stream().map(builder::input).toList();
      before = carried.stream().map(builder::input).toList();
      number = builder.input(TensorType.of(DType.I32));
      turn = PipelineTurn.of(emitter, schedule, number, pipelinePlace(emitter));
      Optional<Var> layer = schedule.isCircular() ? Optional.of(firstLayer()) : Optional.empty();
      window = new TurnWindow(emitter, turn.busy(), turn.microbatch(), layer, group());
    }

    /// The first of this turn's layers among those of the stage.
    private Var firstLayer() {
      Var last = emitter.scalar(DType.I32, schedule.repeats() - 1);
      Var round =
          op.reverse() ? emitter.emit(BinaryOp.SUBTRACT, last, turn.repeat()) : turn.repeat();
      return emitter.emit(BinaryOp.MULTIPLY, round, emitter.scalar(DType.I32, (double) group()));
    }

    /// What is sent, what waits and what is there of the results, all after the turn.
    Graph write() {
      List<Var> came = new ArrayList<>(before.subList(0, op.carries()));
      List<Var> waiting = new ArrayList<>();
      if (schedule.delay() > 0) {
        for (int i = 0; i < op.carries(); i++) {
          Var line = before.get(op.carries() + i);
          waiting.add(queued(line, came.get(i)));
          came.set(i, late(line, came.get(i)));
        }
      }
      List<Var> results = layers(came);
      List<Var> outputs = new ArrayList<>();
      results.subList(0, op.carries()).forEach(each -> outputs.add(emitter.emit(toNext(), each)));
      outputs.addAll(waiting);
      List<Var> stores = before.subList(outputs.size(), before.size());
      for (int i = 0; i < results.size(); i++) {
        outputs.add(stored(i, stores.get(i), results.get(i)));
      }
      return builder.build("pipeline_turn", outputs);
    }

    /// The stage's layers of this turn, on what the batch or the stage before has for them.
    private List<Var> layers(List<Var> came) {
      List<Var> operands = new ArrayList<>(List.of(turn.microbatch()));
      for (int i = 0; i < args.size(); i++) {
        Var part = window.read(args.get(i), body.inputs().get(i), i >= fixed());
        boolean carried = i >= op.consts() && i < fixed();
        operands.add(
            carried ? select(emitter, turn.takesBatch(), part, came.get(i - op.consts())) : part);
      }
      ControlOp.Scan loop =
          new ControlOp.Scan(group(), op.consts() + 1, op.carries(), op.reverse());
      return builder.emit(loop, operands, List.of(body.graph()), equation.source());
    }

    /// What the stage takes that was sent to it: the first one what has waited.
    private Var late(Var line, Var arrived) {
      Shape one = line.type().shape().with(0, 1);
      List<Var> operands = new ArrayList<>(List.of(line));
      operands.addAll(emitter.starts(one.rank(), 0, slot()));
      Var waited = emitter.emit(new IndexOp.DynamicSlice(one.toList()), operands);
      Var first = emitter.emit(new ShapeOp.Reshape(arrived.type().shape()), waited);
      return select(emitter, turn.isFirst(), first, arrived);
    }

    /// The line with what has just arrived in the place of what leaves it.
    private Var queued(Var line, Var arrived) {
      Shape one = line.type().shape().with(0, 1);
      List<Var> operands = new ArrayList<>(List.of(line));
      operands.add(emitter.emit(new ShapeOp.Reshape(one), arrived));
      operands.addAll(emitter.starts(one.rank(), 0, slot()));
      return emitter.emit(new IndexOp.DynamicUpdateSlice(), operands);
    }

    private Var slot() {
      return emitter.emit(BinaryOp.REMAINDER, number, emitter.scalar(DType.I32, schedule.delay()));
    }

    /// What is there of a result after the turn.
    private Var stored(int output, Var store, Var part) {
      StageBody.Output result = body.outputs().get(output);
      Var kept = part;
      if (result.summed()) {
        Var sum = window.read(store, result.cut(), isStacked(output));
        kept = emitter.emit(BinaryOp.ADD, sum, converted(emitter, part, store.type().dtype()));
      }
      return window.write(store, result.cut(), isStacked(output), kept);
    }
  }

  /// @param stores the results, on a device
  private void deliver(List<Var> stores) {
    Emitter emitter = scope.emitter();
    for (int i = 0; i < stores.size(); i++) {
      StageBody.Output output = body.outputs().get(i);
      TensorSharding cut = body.outside(output.cut());
      DType dtype = body.graph().outputs().get(i).type().dtype();
      Var value = converted(emitter, stores.get(i), dtype);
      if (!isStacked(i)) {
        scope.deliver(equation.outputs().get(i), ofLast(emitter, value, cut));
      } else if (output.cut().isBatched()) {
        // The rows stay where they are: most of these go to the pipeline that runs backward.
        scope.place(equation.outputs().get(i), new Placed(value, cut.prepend(layers)));
      } else {
        Placed placed = new Placed(value, cut.prepend(layers), output.partial());
        scope.deliver(equation.outputs().get(i), placed);
      }
    }
  }

  /// What the last stage has; zeros on the others.
  private Placed ofLast(Emitter emitter, Var value, TensorSharding cut) {
    Var end = emitter.scalar(DType.I32, schedule.stages() - 1);
    Var isLast =
        emitter.emit(
            new ElementwiseOp.Compare(ElementwiseOp.Direction.EQ), pipelinePlace(emitter), end);
    Var masked = select(emitter, isLast, value, emitter.full(value.type(), 0));
    boolean bool = value.type().dtype() == DType.I1;
    ReduceOp.Kind kind = bool ? ReduceOp.Kind.OR : ReduceOp.Kind.SUM;
    return new Placed(masked, cut, Optional.of(new Partial(STAGE, kind)));
  }
}
