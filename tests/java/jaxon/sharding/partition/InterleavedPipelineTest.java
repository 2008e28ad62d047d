package jaxon.sharding.partition;

import static jaxon.sharding.partition.PipelineChecks.numbers;
import static jaxon.sharding.partition.PipelineChecks.permutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.ShardingException;
import jaxon.sharding.simulate.MeshInterpreter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A loop over layers and the one that goes back over what it keeps, as one pipeline.
class InterleavedPipelineTest {
  private static final int LAYERS = 4;
  private static final int BATCH = 48;
  private static final int WIDTH = 8;
  private static final TensorType WEIGHTS = TensorType.of(DType.F64, LAYERS, WIDTH, WIDTH);
  private static final TensorType HEAD = TensorType.of(DType.F64, WIDTH, WIDTH);
  private static final TensorType X = TensorType.of(DType.F64, BATCH, WIDTH);
  private static final List<Literal> INPUTS =
      List.of(numbers(WEIGHTS, 1), numbers(HEAD, 2), numbers(X, 3));

  /// Something like a step: layers, a head with its gradient, layers backward.
  ///
  /// @param between from what the layers give and the head to what goes back
  /// @return loss, gradient of the batch, gradient of the head, gradients of the layers
  private static Graph step(BiFunction<Array, Array, Array> between) {
    return Tracer.traceClosed(
        "step",
        List.of(WEIGHTS, HEAD, X),
        args -> {
          ScanResult there = forward(args.get(0), args.get(2));
          Array y = there.carry().getFirst();
          Array up = between.apply(y, args.get(1));
          ScanResult back = backward(args.get(0), up, there.ys().getFirst());
          Array head = Ops.einsum("bi,bj->ij", y, up);
          return List.of(y.square().sum(), back.carry().getFirst(), head, back.ys().getFirst());
        });
  }

  private static ScanResult forward(Array weights, Array x) {
    return Control.scan(
        LAYERS,
        false,
        List.of(x),
        List.of(weights),
        (carry, w) ->
            new ScanResult(
                List.of(Ops.dot(carry.getFirst(), w.getFirst()).sin()), List.of(carry.getFirst())));
  }

  private static ScanResult backward(Array weights, Array up, Array kept) {
    return Control.scan(
        LAYERS,
        true,
        List.of(up),
        List.of(weights, kept),
        (carry, slices) -> {
          Array x = slices.get(1);
          Array dy = carry.getFirst().mul(Ops.dot(x, slices.getFirst()).cos());
          return new ScanResult(
              List.of(Ops.einsum("bj,ij->bi", dy, slices.getFirst())),
              List.of(Ops.einsum("bi,bj->ij", x, dy)));
        });
  }

  private static Graph step() {
    return step((y, head) -> Ops.dot(y, head).tanh().mul(y));
  }

  private static PartitionedGraph partition(Graph graph, Mesh mesh, Pipelining pipelining) {
    List<String> rows = mesh.axes().stream().filter(axis -> !axis.equals("tensor")).toList();
    PartitionSpec layers = new PartitionSpec(List.of(List.of("stage"), List.of(), List.of()));
    PartitionSpec head = new PartitionSpec(List.of(List.of("stage"), List.of()));
    PartitionSpec batch = new PartitionSpec(List.of(rows, List.of()));
    List<Optional<PartitionSpec>> outputs =
        Stream.of(PartitionSpec.replicated(0), batch, head, layers).map(Optional::of).toList();
    return Partitioner.partition(
        graph,
        mesh,
        List.of(layers, head, batch),
        outputs,
        new LogicalAxisRules(List.of()),
        pipelining);
  }

  private static PartitionedGraph interleaved(Graph graph, Mesh mesh, int microbatches) {
    return partition(graph, mesh, new Pipelining(microbatches, -1, true));
  }

  private static void assertSame(PartitionedGraph program, Graph graph) {
    List<Literal> found = MeshInterpreter.run(program, INPUTS);
    List<Literal> expected = Interpreter.run(graph, INPUTS);
    for (int i = 0; i < expected.size(); i++) {
      for (int j = 0; j < expected.get(i).type().shape().elements(); j++) {
        assertThat(found.get(i).get(j))
            .as("element %d of result %d on %s", j, i, program.mesh())
            .isCloseTo(expected.get(i).get(j), within(1e-10));
      }
    }
  }

  /// Fewer micro-batches than stages, as many, and more than a stage keeps.
  @ParameterizedTest
  @CsvSource({"2, 1, 1", "2, 1, 2", "2, 1, 12", "4, 1, 3", "4, 1, 4", "4, 1, 12", "2, 2, 6"})
  void givesTheResultsOfOneDevice(int stages, int others, int microbatches) {
    Graph graph = step();
    for (Mesh mesh :
        List.of(
            Mesh.of("stage", stages, "fsdp", others), Mesh.of("data", others, "stage", stages))) {
      assertSame(interleaved(graph, mesh, microbatches), graph);
    }
  }

  @Test
  void eachTurnSendsOneMicroBatchEachWayAndTheHeadIsGatheredOnce() {
    PartitionedGraph program = interleaved(step(), Mesh.of("stage", 4), 12);
    TensorType one = X.withShape(X.shape().with(0, BATCH / 12));
    assertThat(permutes(program))
        .allMatch(use -> use.operand().equals(one))
        .extracting(CollectiveUse::times)
        .containsExactly(3L, 12L, 12L, 3L);
    assertThat(CollectiveUse.of(program.graph()))
        .filteredOn(use -> use.result().equals(HEAD))
        .singleElement()
        .matches(use -> use.op() instanceof CollectiveOp.AllGather && use.times() == 1);
  }

  @Test
  void aStageKeepsARingOfMicroBatches() {
    TensorType ring = TensorType.of(DType.F64, 7, LAYERS / 4, BATCH / 12, WIDTH);
    TensorType all = TensorType.of(DType.F64, LAYERS / 4, BATCH, WIDTH);
    assertThat(types(interleaved(step(), Mesh.of("stage", 4), 12)))
        .contains(ring)
        .doesNotContain(all);
    assertThat(types(partition(step(), Mesh.of("stage", 4), new Pipelining(12, -1)))).contains(all);
  }

  private static List<TensorType> types(PartitionedGraph program) {
    return program.graph().equations().stream()
        .flatMap(equation -> equation.outputs().stream())
        .map(value -> value.type())
        .toList();
  }

  @Test
  void loopsWithoutAWayBackAreAsEver() {
    Graph graph =
        Tracer.traceClosed(
            "forward",
            List.of(WEIGHTS, HEAD, X),
            args -> {
              Array y = forward(args.get(0), args.get(2)).carry().getFirst();
              return List.of(y.square().sum(), y, args.get(1), args.get(0));
            });
    assertSame(interleaved(graph, Mesh.of("stage", 2), 3), graph);
  }

  @Test
  void whatDoesNotFitIsAnErrorThatTellsWhy() {
    Graph mixed = step((y, head) -> y.sub(Ops.dot(y, head).sum(0).broadcastInDim(y.shape(), 1)));
    assertRefused(mixed, 2, -1, "neither a sum over the sequences");
    assertRefused(step(), 5, -1, "num_pipeline_microbatches");
    assertRefused(step(), 16, -1, "num_pipeline_microbatches=16 must divide");
    assertRefused(step(), 2, 1, "one round");
    Graph read =
        Tracer.traceClosed(
            "read",
            List.of(WEIGHTS, HEAD, X),
            args -> {
              ScanResult there = forward(args.get(0), args.get(2));
              Array kept = there.ys().getFirst();
              ScanResult back = backward(args.get(0), there.carry().getFirst(), kept);
              return List.of(
                  kept.sum(), back.carry().getFirst(), args.get(1), back.ys().getFirst());
            });
    assertRefused(read, 2, -1, "not the second alone");
  }

  private static void assertRefused(Graph graph, int microbatches, int layers, String why) {
    Pipelining pipelining = new Pipelining(microbatches, layers, true);
    assertThatThrownBy(() -> partition(graph, Mesh.of("stage", 2), pipelining))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining(why);
  }
}
