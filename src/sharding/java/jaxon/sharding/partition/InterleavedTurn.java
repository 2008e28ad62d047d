package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.sharding.partition.InterleavedPartitioner.Between;

/// One turn of one stage of an [InterleavedLoop].
final class InterleavedTurn {
  /// What is done in a turn.
  enum Phase {
    FORWARD,
    BOTH,
    BACKWARD;

    boolean goesForward() {
      return this != BACKWARD;
    }

    boolean goesBackward() {
      return this != FORWARD;
    }
  }

  private final PipelineSide first;
  private final PipelineSide second;
  private final Between between;
  private final InterleavedWiring wiring;
  private final Phase phase;
  private final GraphBuilder builder = new GraphBuilder();
  private final Emitter emitter;
  private final List<Var> consts;
  private final List<Var> carried;
  private final Var number;

  InterleavedTurn(
      PipelineSide first,
      PipelineSide second,
      Between between,
      InterleavedWiring wiring,
      Phase phase,
      List<TensorType> consts,
      List<TensorType> carried) {
    this.first = first;
    this.second = second;
    this.between = between;
    this.wiring = wiring;
    this.phase = phase;
    this.emitter = new Emitter(builder, first.mesh());
    emitter.at(first.equation().source());
    this.consts = consts.stream().map(builder::input).toList();
    this.carried = carried.stream().map(builder::input).toList();
    this.number = builder.input(TensorType.of(DType.I32));
  }

  /// What is carried, after the turn.
  Graph write() {
    List<Var> outputs = new ArrayList<>();
    List<Var> state = new ArrayList<>(carried);
    List<Var> args = new ArrayList<>(consts);
    List<Var> kept = List.of();
    List<Var> made = List.of();
    if (phase.goesForward()) {
      List<Var> results =
          forward(
              take(args, first.equation().inputs().size()),
              take(state, first.op().carries()),
              take(state, wiring.kept().size()));
      outputs.addAll(results.subList(0, first.op().carries() + wiring.kept().size()));
      kept = results.subList(first.op().carries(), first.op().carries() + wiring.kept().size());
      if (phase.goesBackward()) {
        List<Var> through =
            results.subList(first.op().carries() + wiring.kept().size(), results.size());
        List<Var> all =
            between(
                take(args, wiring.middleOperands().size()),
                through,
                take(state, wiring.storedTypes().size()));
        made = all.subList(0, between.given());
        outputs.addAll(all.subList(between.given(), all.size()));
      }
    }
    if (phase.goesBackward()) {
      List<Var> given = take(args, wiring.backwardOperands().size());
      outputs.addAll(backward(given, made, phase.goesForward() ? kept : args, state));
    }
    return builder.build("pipeline_turn_" + phase.name().toLowerCase(Locale.ROOT), outputs);
  }

  /// Removes and gives the first `count`.
  private static List<Var> take(List<Var> from, int count) {
    List<Var> first = List.copyOf(from.subList(0, count));
    from.subList(0, count).clear();
    return first;
  }

  private TurnWindow window(PipelineTurn turn, PipelineSide side) {
    return new TurnWindow(emitter, turn.busy(), turn.microbatch(), Optional.empty(), side.group());
  }

  /// The number of the turn, counted from the one in which the first micro-batch is through.
  private Var sinceThrough() {
    Var offset = emitter.scalar(DType.I32, first.schedule().stages() - 1);
    return emitter.emit(BinaryOp.SUBTRACT, number, offset);
  }

  private Var slot(PipelineTurn turn) {
    Var slots = emitter.scalar(DType.I32, first.schedule().ring());
    return emitter.emit(BinaryOp.REMAINDER, turn.microbatch(), slots);
  }

  /// @param kept what is there of what is kept
  /// @return what is sent, what is kept, and what the layers carry
  private List<Var> forward(List<Var> args, List<Var> came, List<Var> kept) {
    PipelineTurn turn = PipelineTurn.of(emitter, first.schedule(), number, first.place(emitter));
    TurnWindow window = window(turn, first);
    List<Var> operands = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      Var part = window.read(args.get(i), first.body().inputs().get(i), i >= first.fixed());
      operands.add(
          first.isCarried(i)
              ? emitter.select(turn.takesBatch(), part, came.get(i - first.op().consts()))
              : part);
    }
    List<Var> results = first.run(emitter, turn.microbatch(), operands);
    List<Var> through = results.subList(0, first.op().carries());
    List<Var> outputs = new ArrayList<>();
    through.forEach(each -> outputs.add(emitter.emit(first.toNext(), each)));
    for (int i = 0; i < kept.size(); i++) {
      Var store = kept.get(i);
      Var part = results.get(wiring.kept().get(i));
      outputs.add(
          wiring.isRing(i)
              ? emitter.withSlot(
                  store, slot(turn), window.select(part, emitter.slot(store, slot(turn))))
              : window.select(part, store));
    }
    outputs.addAll(through);
    return outputs;
  }

  /// @param through what the last stage's layers carry in the end
  /// @param stores what is there of what is read after the loops
  /// @return what the second loop starts with, and what is there after the turn
  private List<Var> between(List<Var> args, List<Var> through, List<Var> stores) {
    StageBody body = between.body();
    Var microbatch = sinceThrough();
    // All stages have work here, in each turn.
    Var always = emitter.scalar(DType.I1, 1);
    TurnWindow window = new TurnWindow(emitter, always, microbatch, Optional.empty(), 1);
    List<Var> operands = new ArrayList<>(List.of(microbatch));
    List<Var> rest = new ArrayList<>(args);
    for (int i = 0; i < body.inputs().size(); i++) {
      MicroBatchCut cut = body.inputs().get(i);
      int result = wiring.carriedOf().get(i);
      operands.add(
          result >= 0
              ? ofLast(result, through.get(result), cut)
              : window.read(rest.removeFirst(), cut, false));
    }
    List<Var> results = builder.inline(body.graph(), operands);
    List<Var> outputs = new ArrayList<>(results.subList(0, between.given()));
    for (int i = 0; i < stores.size(); i++) {
      int output = between.given() + i;
      outputs.add(stored(window, body.outputs().get(output), stores.get(i), results.get(output)));
    }
    return outputs;
  }

  /// What the last stage's layers carry, each stage its rows of it.
  private Var ofLast(int result, Var value, MicroBatchCut cut) {
    MicroBatchCut given = first.body().outputs().get(result).cut();
    Placed last = first.ofLast(emitter, value, given.one());
    return new Resharding(emitter).apply(last, cut.one()).local();
  }

  private Var stored(TurnWindow window, StageBody.Output output, Var store, Var part) {
    if (output.summed()) {
      return emitter.emit(BinaryOp.ADD, store, emitter.converted(part, store.type().dtype()));
    }
    return output.cut().isBatched() ? window.put(store, output.cut(), part) : part;
  }

  /// @param args what comes from outside
  /// @param made what the way back begins with; empty if no micro-batch begins it in this turn
  /// @param kept what is there of what the layers kept
  /// @param state what has arrived, and what is there of the results
  /// @return the same after the turn
  private List<Var> backward(List<Var> args, List<Var> made, List<Var> kept, List<Var> state) {
    PipelineTurn turn =
        PipelineTurn.of(emitter, second.schedule(), sinceThrough(), second.place(emitter));
    TurnWindow window = window(turn, second);
    List<Var> operands = new ArrayList<>();
    for (int i = 0; i < wiring.sources().size(); i++) {
      InterleavedWiring.Source source = wiring.sources().get(i);
      Var value =
          switch (source.kind()) {
            case GIVEN ->
                window.read(
                    args.get(source.number()), second.body().inputs().get(i), i >= second.fixed());
            case KEPT -> kept(turn, source.number(), kept.get(source.number()));
            case MADE ->
                made.isEmpty() ? state.get(i - second.op().consts()) : made.get(source.number());
          };
      operands.add(
          second.isCarried(i)
              ? emitter.select(turn.takesBatch(), value, state.get(i - second.op().consts()))
              : value);
    }
    List<Var> results = second.run(emitter, turn.microbatch(), operands);
    List<Var> outputs = new ArrayList<>();
    int carries = second.op().carries();
    results.subList(0, carries).forEach(each -> outputs.add(emitter.emit(second.toNext(), each)));
    for (int i = 0; i < results.size(); i++) {
      outputs.add(second.stored(window, i, state.get(carries + i), results.get(i)));
    }
    return outputs;
  }

  private Var kept(PipelineTurn turn, int number, Var store) {
    return wiring.isRing(number) ? emitter.slot(store, slot(turn)) : store;
  }
}
