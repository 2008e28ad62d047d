package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.sharding.partition.InterleavedPartitioner.Between;

/// A loop over layers and the one that goes back over it as one pipeline that does one micro-batch
/// forward and one backward in each turn (1F1B; Narayanan et al., "PipeDream", 2019).
///
/// In turn t the stage s of S runs micro-batch t − s forward and micro-batch t − 2(S − 1) + s
/// backward; between, all stages work together on micro-batch t − (S − 1), which is through. These
/// are three loops: S − 1 turns forward alone, M turns of all, S − 1 turns backward alone, which
/// take as long as two pipelines one after the other. What the forward layers keep for the backward
/// ones lies in a ring of min(M, 2S − 1) micro-batches: that of the first stage is read 2(S − 1)
/// turns after it is written.
final class InterleavedLoop {
  private final RegionPartitioner scope;
  private final PipelineSide first;
  private final PipelineSide second;
  private final Between between;
  private final InterleavedWiring wiring;
  private final long stages;

  InterleavedLoop(PipelineSide first, PipelineSide second, Between between, LoopPair pair) {
    this.scope = first.scope();
    this.first = first;
    this.second = second;
    this.between = between;
    this.wiring = InterleavedWiring.of(first, second, between, pair);
    this.stages = first.schedule().stages();
  }

  /// Writes the loops and what comes of them.
  void emit() {
    List<Var> forward =
        IntStream.range(0, first.equation().inputs().size()).mapToObj(first::operand).toList();
    List<Var> middle = wiring.middleOperands().stream().map(this::middleOperand).toList();
    List<Var> backward = wiring.backwardOperands().stream().map(second::operand).toList();
    List<Var> sent = zeros(first.sent());
    List<Var> kept = zeros(wiring.keptTypes());
    List<Var> after = loop(InterleavedTurn.Phase.FORWARD, 0, stages - 1, forward, all(sent, kept));
    List<Var> state = new ArrayList<>(after);
    List<TensorType> sums = wiring.storedTypes();
    state.addAll(zeros(sums));
    state.addAll(zeros(second.sent()));
    state.addAll(zeros(second.results()));
    int microbatches = first.schedule().microbatches();
    state =
        loop(
            InterleavedTurn.Phase.BOTH,
            stages - 1,
            microbatches,
            all(all(forward, middle), backward),
            state);
    List<Var> ring = state.subList(sent.size(), sent.size() + kept.size());
    List<Var> stored =
        state.subList(sent.size() + kept.size(), sent.size() + kept.size() + sums.size());
    List<Var> rest = state.subList(sent.size() + kept.size() + sums.size(), state.size());
    rest =
        loop(
            InterleavedTurn.Phase.BACKWARD,
            stages - 1 + microbatches,
            stages - 1,
            all(backward, ring),
            rest);
    deliver(stored);
    second.deliver(rest.subList(second.op().carries(), rest.size()));
  }

  private static List<Var> all(List<Var> left, List<Var> right) {
    return Stream.concat(left.stream(), right.stream()).toList();
  }

  private List<Var> zeros(List<TensorType> types) {
    return types.stream().map(type -> scope.emitter().full(type, 0)).toList();
  }

  private Var middleOperand(int index) {
    Placed value = scope.placedOf(between.graph().inputs().get(index));
    return scope.in(value, between.body().inputs().get(index).all()).local();
  }

  /// A loop over turns.
  ///
  /// @return what is carried, after it
  private List<Var> loop(
      InterleavedTurn.Phase phase, long from, long turns, List<Var> consts, List<Var> carried) {
    Emitter emitter = scope.emitter();
    Graph turn =
        new InterleavedTurn(
                first,
                second,
                between,
                wiring,
                phase,
                consts.stream().map(Var::type).toList(),
                carried.stream().map(Var::type).toList())
            .write();
    List<Var> operands = new ArrayList<>(all(consts, carried));
    TensorType numbers = TensorType.of(DType.I32, turns);
    Var count = emitter.emit(new SourceOp.Iota(numbers, 0));
    operands.add(
        emitter.emit(
            BinaryOp.ADD,
            count,
            emitter.spread(emitter.scalar(DType.I32, (double) from), numbers.shape())));
    ControlOp.Scan loop = new ControlOp.Scan(turns, consts.size(), carried.size(), false);
    return emitter.builder().emit(loop, operands, List.of(turn), first.equation().source());
  }

  /// Gives what was made between the loops to the program around them.
  private void deliver(List<Var> stores) {
    for (int i = 0; i < stores.size(); i++) {
      int output = between.given() + i;
      StageBody.Output result = between.body().outputs().get(output);
      DType dtype = between.body().graph().outputs().get(output).type().dtype();
      Var value = scope.emitter().converted(stores.get(i), dtype);
      scope.deliver(
          between.graph().outputs().get(output),
          new Placed(value, result.cut().all(), result.partial()));
    }
  }
}
