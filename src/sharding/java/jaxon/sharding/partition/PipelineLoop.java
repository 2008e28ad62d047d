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
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

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
  private final RegionPartitioner scope;
  private final PipelineSide side;
  private final ControlOp.Scan op;
  private final Equation equation;
  private final PipelineSchedule schedule;

  PipelineLoop(PipelineSide side) {
    this.scope = side.scope();
    this.side = side;
    this.op = side.op();
    this.equation = side.equation();
    this.schedule = side.schedule();
  }

  /// Writes the loop and what comes of it.
  void emit() {
    Emitter emitter = scope.emitter();
    List<Var> operands = new ArrayList<>();
    IntStream.range(0, equation.inputs().size()).forEach(i -> operands.add(side.operand(i)));
    List<TensorType> given = operands.stream().map(Var::type).toList();
    List<TensorType> results = side.results();
    List<TensorType> carried = new ArrayList<>(side.sent());
    carried.addAll(waiting());
    carried.addAll(results);
    Graph turn = new Turn(given, carried).write();
    ControlOp.Scan loop =
        new ControlOp.Scan(schedule.turns(), operands.size(), carried.size(), false);
    carried.forEach(type -> operands.add(emitter.full(type, 0)));
    TensorType numbers = TensorType.of(DType.I32, schedule.turns());
    operands.add(emitter.emit(new SourceOp.Iota(numbers, 0)));
    List<Var> after = emitter.builder().emit(loop, operands, List.of(turn), equation.source());
    side.deliver(after.subList(carried.size() - results.size(), carried.size()));
  }

  /// What has come around to the first stage and waits for its turn: a slot for each turn of delay.
  private List<TensorType> waiting() {
    long slots = schedule.delay();
    return slots == 0
        ? List.of()
        : side.sent().stream().map(type -> type.withShape(type.shape().insert(0, slots))).toList();
  }

  /// One turn of one stage.
  private final class Turn {
    private final GraphBuilder builder = new GraphBuilder();
    private final Emitter emitter = new Emitter(builder, side.mesh());
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
      turn = PipelineTurn.of(emitter, schedule, number, side.place(emitter));
      Optional<Var> layer = schedule.isCircular() ? Optional.of(firstLayer()) : Optional.empty();
      window = new TurnWindow(emitter, turn.busy(), turn.microbatch(), layer, side.group());
    }

    /// The first of this turn's layers among those of the stage.
    private Var firstLayer() {
      Var last = emitter.scalar(DType.I32, schedule.repeats() - 1);
      Var round =
          op.reverse() ? emitter.emit(BinaryOp.SUBTRACT, last, turn.repeat()) : turn.repeat();
      Var group = emitter.scalar(DType.I32, (double) side.group());
      return emitter.emit(BinaryOp.MULTIPLY, round, group);
    }

    /// What is sent, what waits and what is there of the results, all after the turn.
    Graph write() {
      List<Var> came = new ArrayList<>(before.subList(0, op.carries()));
      List<Var> waiting = new ArrayList<>();
      if (schedule.delay() > 0) {
        for (int i = 0; i < op.carries(); i++) {
          Var line = before.get(op.carries() + i);
          // What has just arrived takes the place of what leaves the line.
          waiting.add(emitter.withSlot(line, slot(), came.get(i)));
          came.set(i, emitter.select(turn.isFirst(), emitter.slot(line, slot()), came.get(i)));
        }
      }
      List<Var> results = side.run(emitter, turn.microbatch(), operands(came));
      List<Var> outputs = new ArrayList<>();
      results
          .subList(0, op.carries())
          .forEach(each -> outputs.add(emitter.emit(side.toNext(), each)));
      outputs.addAll(waiting);
      List<Var> stores = before.subList(outputs.size(), before.size());
      for (int i = 0; i < results.size(); i++) {
        outputs.add(side.stored(window, i, stores.get(i), results.get(i)));
      }
      return builder.build("pipeline_turn", outputs);
    }

    /// What the batch or the stage before has for the layers of this turn.
    private List<Var> operands(List<Var> came) {
      List<Var> operands = new ArrayList<>();
      for (int i = 0; i < args.size(); i++) {
        Var part = window.read(args.get(i), side.body().inputs().get(i), i >= side.fixed());
        operands.add(
            side.isCarried(i)
                ? emitter.select(turn.takesBatch(), part, came.get(i - op.consts()))
                : part);
      }
      return operands;
    }

    private Var slot() {
      return emitter.emit(BinaryOp.REMAINDER, number, emitter.scalar(DType.I32, schedule.delay()));
    }
  }
}
