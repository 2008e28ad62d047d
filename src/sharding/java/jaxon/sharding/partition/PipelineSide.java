package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.Pipelining;
import jaxon.sharding.TensorSharding;

/// One loop over layers as the turns of a pipeline see it: what a stage takes, runs, sends on and
/// keeps for one micro-batch.
///
/// @param mesh with the axis of the micro-batches
/// @param layers how the pipeline cuts the dim along which layers are stacked
record PipelineSide(
    RegionPartitioner scope,
    Mesh mesh,
    ControlOp.Scan op,
    Equation equation,
    StageBody body,
    PipelineSchedule schedule,
    DimSharding layers) {
  private static final List<String> STAGE = List.of(MeshAxis.STAGE);

  static PipelineSide of(
      RegionPartitioner scope, Mesh mesh, ControlOp.Scan op, Equation equation, StageBody body) {
    Pipelining asked = scope.plan().pipelining();
    PipelineSchedule schedule =
        new PipelineSchedule(
            mesh.size(MeshAxis.STAGE),
            mesh.size(MicroBatchCut.AXIS),
            asked.repeats(mesh, op.length()));
    return new PipelineSide(
        scope, mesh, op, equation, body, schedule, asked.layers(mesh, op.length()));
  }

  /// How many operands come before the stacked ones.
  int fixed() {
    return op.consts() + op.carries();
  }

  boolean isStacked(int output) {
    return output >= op.carries();
  }

  /// Whether an operand is carried from layer to layer.
  boolean isCarried(int input) {
    return input >= op.consts() && input < fixed();
  }

  /// Layers of a stage in one turn.
  long group() {
    return op.length() / schedule.stages() / schedule.repeats();
  }

  /// An operand of the loop, as a device has it for all turns.
  Var operand(int index) {
    Placed value = scope.placedOf(equation.inputs().get(index));
    TensorSharding cut = body.outside(body.inputs().get(index));
    return scope.in(value, index < fixed() ? cut : cut.prepend(layers)).local();
  }

  /// What a stage gives to the next.
  List<TensorType> sent() {
    return body.graph().outputs().subList(0, op.carries()).stream().map(Var::type).toList();
  }

  /// The results, on a device.
  List<TensorType> results() {
    return IntStream.range(0, body.outputs().size()).mapToObj(this::result).toList();
  }

  /// A result, on a device.
  TensorType result(int index) {
    TensorType part = body.graph().outputs().get(index).type();
    TensorType whole = TurnWindow.whole(part, body.outputs().get(index).cut(), mesh);
    TensorType type = whole.withDType(body.typeOfSum(index));
    long stacked = op.length() / schedule.stages();
    return isStacked(index) ? type.withShape(type.shape().insert(0, stacked)) : type;
  }

  /// This stage's place in the order in which a micro-batch goes through them.
  Var place(Emitter emitter) {
    Var place = emitter.place(STAGE);
    return op.reverse()
        ? emitter.emit(BinaryOp.SUBTRACT, emitter.scalar(DType.I32, schedule.stages() - 1), place)
        : place;
  }

  /// From each stage to the next; from the last to the first if there are several rounds.
  CollectiveOp toNext() {
    int stages = schedule.stages();
    List<SourceTarget> pairs =
        IntStream.range(0, schedule.isCircular() ? stages : stages - 1)
            .map(i -> op.reverse() ? stages - 1 - i : i)
            .mapToObj(i -> new SourceTarget(i, Math.floorMod(op.reverse() ? i - 1 : i + 1, stages)))
            .toList();
    return new CollectiveOp.CollectivePermute(mesh.group(STAGE), pairs);
  }

  /// The stage's layers of a turn.
  ///
  /// @param operands of the loop, those of this turn
  /// @return what the loop gives for them
  List<Var> run(Emitter emitter, Var microbatch, List<Var> operands) {
    List<Var> all = new ArrayList<>(List.of(microbatch));
    all.addAll(operands);
    ControlOp.Scan loop = new ControlOp.Scan(group(), op.consts() + 1, op.carries(), op.reverse());
    return emitter.builder().emit(loop, all, List.of(body.graph()), equation.source());
  }

  /// What is there of a result after a turn.
  Var stored(TurnWindow window, int output, Var store, Var part) {
    StageBody.Output result = body.outputs().get(output);
    Var kept = part;
    if (result.summed()) {
      Emitter emitter = window.emitter();
      Var sum = window.read(store, result.cut(), isStacked(output));
      kept = emitter.emit(BinaryOp.ADD, sum, emitter.converted(part, store.type().dtype()));
    }
    return window.write(store, result.cut(), isStacked(output), kept);
  }

  /// Gives the results to the program around the loop.
  ///
  /// @param stores the results, on a device
  void deliver(List<Var> stores) {
    Emitter emitter = scope.emitter();
    for (int i = 0; i < stores.size(); i++) {
      StageBody.Output output = body.outputs().get(i);
      TensorSharding cut = body.outside(output.cut());
      DType dtype = body.graph().outputs().get(i).type().dtype();
      Var value = emitter.converted(stores.get(i), dtype);
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

  /// What the last stage has, as a sum over the stages: zeros on the others.
  Placed ofLast(Emitter emitter, Var value, TensorSharding cut) {
    Var end = emitter.scalar(DType.I32, schedule.stages() - 1);
    Var isLast =
        emitter.emit(new ElementwiseOp.Compare(ElementwiseOp.Direction.EQ), place(emitter), end);
    Var masked = emitter.select(isLast, value, emitter.full(value.type(), 0));
    boolean bool = value.type().dtype() == DType.I1;
    ReduceOp.Kind kind = bool ? ReduceOp.Kind.OR : ReduceOp.Kind.SUM;
    return new Placed(masked, cut, Optional.of(new Partial(STAGE, kind)));
  }
}
