package jaxon.sharding.partition;

import static jaxon.sharding.partition.PipelineChecks.numbers;
import static jaxon.sharding.partition.PipelineChecks.permutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
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
import org.junit.jupiter.params.provider.MethodSource;

/// Loops over layers that are cut along the stages, against one device.
class PipelineTest {
  private static final int LAYERS = 4;
  private static final int BATCH = 12;
  private static final int WIDTH = 6;
  private static final TensorType WEIGHTS = TensorType.of(DType.F64, LAYERS, WIDTH, WIDTH);
  private static final TensorType X = TensorType.of(DType.F64, BATCH, WIDTH);

  /// @param function of the weights and the batch
  /// @param stacked how many of its results, the last ones, are stacked by layer
  record Case(String name, int stacked, Function<List<Array>, List<Array>> function) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static ScanResult layers(boolean reverse, List<Array> carry, List<Array> xs, Layer body) {
    return Control.scan(xs.getFirst().dim(0), reverse, carry, xs, body::apply);
  }

  private interface Layer {
    ScanResult apply(List<Array> carry, List<Array> slices);
  }

  private static List<Array> all(ScanResult result) {
    List<Array> all = new ArrayList<>(result.carry());
    all.addAll(result.ys());
    return all;
  }

  static Stream<Case> cases() {
    return Stream.of(plainCases(), specialCases(), hardCases()).flatMap(cases -> cases);
  }

  private static Stream<Case> plainCases() {
    return Stream.of(
        new Case("forward", 0, args -> all(forward(args, false))),
        new Case("in reverse", 0, args -> all(forward(args, true))),
        new Case(
            "residuals",
            1,
            args ->
                all(
                    layers(
                        false,
                        List.of(args.get(1)),
                        List.of(args.get(0)),
                        (carry, w) -> {
                          Array x = carry.getFirst();
                          Array y = Ops.dot(x, w.getFirst()).tanh();
                          return new ScanResult(List.of(y), List.of(x.mul(y)));
                        }))),
        new Case("gradients", 1, args -> backward(args)),
        new Case(
            "sums that nothing else needs",
            1,
            args ->
                all(
                    layers(
                        false,
                        List.of(args.get(1)),
                        List.of(args.get(0)),
                        (carry, w) -> {
                          Array y = Ops.dot(carry.getFirst(), w.getFirst()).sin();
                          return new ScanResult(
                              List.of(y), List.of(y.sum(0).add(carry.getFirst().sum(0))));
                        }))));
  }

  private static Stream<Case> specialCases() {
    return Stream.of(
        new Case(
            "what has no rows",
            1,
            args ->
                all(
                    layers(
                        false,
                        List.of(args.get(1), Ops.constant(DType.I32, 3.0)),
                        List.of(args.get(0)),
                        (carry, w) -> {
                          Array count = carry.get(1);
                          Array y = Ops.dot(carry.get(0), w.getFirst()).tanh();
                          return new ScanResult(
                              List.of(y.mul(count.astype(DType.F64)), count.add(1)),
                              List.of(w.getFirst().sum(0)));
                        }))),
        new Case(
            "constants with rows and without",
            0,
            args -> {
              Array rows = args.get(1).cos();
              Array shift = Ops.arange(DType.F64, WIDTH);
              return all(
                  layers(
                      false,
                      List.of(args.get(1)),
                      List.of(args.get(0)),
                      (carry, w) -> {
                        Array y = Ops.dot(carry.getFirst().mul(rows), w.getFirst());
                        return new ScanResult(
                            List.of(y.add(shift.broadcastTo(y.shape())).tanh()), List.of());
                      }));
            }),
        new Case("sums that are carried", 0, PipelineTest::withSum));
  }

  private static Stream<Case> hardCases() {
    return Stream.of(
        new Case(
            "places of rows",
            0,
            args ->
                all(
                    layers(
                        false,
                        List.of(args.get(1)),
                        List.of(args.get(0)),
                        (carry, w) -> {
                          Array y = Ops.dot(carry.getFirst(), w.getFirst());
                          return new ScanResult(List.of(y.add(Ops.iota(X, 0)).sin()), List.of());
                        }))),
        new Case(
            "bubbles that divide by zero",
            1,
            args ->
                all(
                    layers(
                        false,
                        List.of(args.get(1).abs().add(1)),
                        List.of(args.get(0)),
                        (carry, w) -> {
                          Array x = carry.getFirst();
                          Array y = Ops.dot(x, w.getFirst().abs()).add(x.square().sqrt());
                          Array inverse =
                              Ops.constant(DType.F64, 1.0).broadcastTo(x.shape()).div(x);
                          return new ScanResult(
                              List.of(y.add(inverse)),
                              List.of(Ops.einsum("bi,bj->ij", inverse, y)));
                        }))));
  }

  private static List<Array> withSum(List<Array> args) {
    Array none = Ops.zeros(TensorType.of(DType.F64, WIDTH));
    List<Array> carry =
        layers(
                false,
                List.of(args.get(1), none),
                List.of(args.get(0)),
                (before, w) -> {
                  Array y = Ops.dot(before.getFirst(), w.getFirst()).tanh();
                  return new ScanResult(List.of(y, before.get(1).add(y.sum(0))), List.of());
                })
            .carry();
    return List.of(carry.get(0), carry.get(1).sum());
  }

  private static ScanResult forward(List<Array> args, boolean reverse) {
    return layers(
        reverse,
        List.of(args.get(1)),
        List.of(args.get(0)),
        (carry, w) ->
            new ScanResult(List.of(Ops.dot(carry.getFirst(), w.getFirst()).tanh()), List.of()));
  }

  /// A loop that stacks its inputs and one in reverse that reads them, as a gradient does.
  private static List<Array> backward(List<Array> args) {
    ScanResult forward =
        layers(
            false,
            List.of(args.get(1)),
            List.of(args.get(0)),
            (carry, w) ->
                new ScanResult(
                    List.of(Ops.dot(carry.getFirst(), w.getFirst()).sin()),
                    List.of(carry.getFirst())));
    Array up = forward.carry().getFirst().square();
    ScanResult back =
        layers(
            true,
            List.of(up),
            List.of(args.get(0), forward.ys().getFirst()),
            (carry, slices) -> {
              Array x = slices.get(1);
              Array dy = carry.getFirst().mul(Ops.dot(x, slices.getFirst()).cos());
              return new ScanResult(
                  List.of(Ops.einsum("bj,ij->bi", dy, slices.getFirst())),
                  List.of(Ops.einsum("bi,bj->ij", x, dy)));
            });
    return all(back);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void giveTheResultsOfOneDevice(Case test) {
    Graph graph = trace(test);
    List<Literal> inputs = List.of(numbers(WEIGHTS, 1), numbers(X, 2));
    List<Literal> expected = Interpreter.run(graph, inputs);
    for (Mesh mesh : meshes()) {
      for (int microbatches : List.of(-1, 1, 3)) {
        for (boolean cutBatch : List.of(false, true)) {
          PartitionedGraph program = partition(test, graph, mesh, microbatches, cutBatch);
          List<Literal> found = MeshInterpreter.run(program, inputs);
          for (int i = 0; i < expected.size(); i++) {
            assertClose(found.get(i), expected.get(i), mesh + " result " + i);
          }
          assertThat(permutes(program)).as("%s is a pipeline on %s", test, mesh).isNotEmpty();
          assertThat(CollectiveUse.of(program.graph()))
              .as("weights stay on their stage")
              .noneMatch(use ->
                  use.result().shape().rank() == 3
                      && use.result().shape().dim(1) == WIDTH
                      && use.op().group().axes().contains("stage"));
        }
      }
    }
  }

  /// One round and several; as many micro-batches as stages, more, fewer, and all as one.
  @ParameterizedTest
  @MethodSource("cases")
  void giveTheResultsOfOneDeviceInSeveralRounds(Case test) {
    Graph graph = trace(test);
    List<Literal> inputs = List.of(numbers(WEIGHTS, 1), numbers(X, 2));
    List<Literal> expected = Interpreter.run(graph, inputs);
    List<Mesh> meshes = List.of(Mesh.of("stage", 2), Mesh.of("stage", 2, "fsdp", 2));
    for (Mesh mesh : meshes) {
      for (int microbatches : List.of(-1, 1, 3)) {
        PartitionedGraph program =
            partition(test, graph, mesh, new Pipelining(microbatches, 1), true);
        List<Literal> found = MeshInterpreter.run(program, inputs);
        for (int i = 0; i < expected.size(); i++) {
          assertClose(found.get(i), expected.get(i), mesh + " result " + i);
        }
      }
    }
  }

  /// Rounds that stages divide and that they do not, with groups of one layer and of several.
  @ParameterizedTest
  @CsvSource({"2, 1", "2, 2", "2, 3", "4, 1", "3, 1", "3, 2", "6, 1"})
  void layersAreDealt(int stages, int layersPerStage) {
    Case test = new Case("gradients", 1, PipelineTest::backward);
    TensorType weights = TensorType.of(DType.F64, 12, WIDTH, WIDTH);
    Graph graph = Tracer.traceClosed("test", List.of(weights, X), test.function());
    List<Literal> inputs = List.of(numbers(weights, 1), numbers(X, 2));
    Mesh mesh = Mesh.of("stage", stages);
    PartitionedGraph program =
        partition(test, graph, mesh, new Pipelining(6, layersPerStage), true);
    List<Literal> found = MeshInterpreter.run(program, inputs);
    List<Literal> expected = Interpreter.run(graph, inputs);
    assertClose(found.get(0), expected.get(0), "gradient of the batch");
    assertClose(found.get(1), expected.get(1), "gradient of the weights");
    int rounds = 12 / stages / layersPerStage;
    long layer = WIDTH * WIDTH * 8;
    assertThat(permutes(program))
        .filteredOn(use -> use.result().shape().rank() == 2)
        .hasSize(2)
        .allMatch(use -> use.times() == 6 * rounds + stages - 1);
    assertThat(
            CollectiveUse.of(program.graph()).stream()
                .filter(use -> use.result().shape().rank() > 2)
                .mapToLong(use -> use.times() * use.operand().bytes())
                .sum())
        .as("weights go to their stages and gradients back, each once")
        .isEqualTo(rounds == 1 ? 0 : 2 * 12 / stages * layer);
  }

  private static List<Mesh> meshes() {
    return List.of(
        Mesh.of("stage", 2),
        Mesh.of("stage", 4),
        Mesh.of("stage", 2, "fsdp", 2),
        Mesh.of("data", 2, "stage", 2),
        Mesh.of("stage", 2, "tensor", 2));
  }

  private static Graph trace(Case test) {
    return Tracer.traceClosed("test", List.of(WEIGHTS, X), test.function());
  }

  private static PartitionedGraph partition(
      Case test, Graph graph, Mesh mesh, int microbatches, boolean cutBatch) {
    return partition(test, graph, mesh, new Pipelining(microbatches, -1), cutBatch);
  }

  private static PartitionedGraph partition(
      Case test, Graph graph, Mesh mesh, Pipelining pipelining, boolean cutBatch) {
    List<String> rows = mesh.axes().stream().filter(axis -> !axis.equals("tensor")).toList();
    List<String> within = rows.stream().filter(axis -> !axis.equals("stage")).toList();
    List<String> columns = mesh.axes().stream().filter(axis -> axis.equals("tensor")).toList();
    PartitionSpec weights = new PartitionSpec(List.of(List.of("stage"), List.of(), columns));
    PartitionSpec batch = new PartitionSpec(List.of(cutBatch ? rows : within, List.of()));
    List<Optional<PartitionSpec>> outputs = new ArrayList<>();
    int carried = graph.outputs().size() - test.stacked();
    for (int i = 0; i < graph.outputs().size(); i++) {
      int rank = graph.outputs().get(i).type().shape().rank();
      List<List<String>> dims = new ArrayList<>(Collections.nCopies(rank, List.of()));
      if (i >= carried) {
        dims.set(0, List.of("stage"));
      } else if (rank > 0 && cutBatch) {
        dims.set(0, rows);
      }
      outputs.add(Optional.of(new PartitionSpec(dims)));
    }
    return Partitioner.partition(
        graph, mesh, List.of(weights, batch), outputs, new LogicalAxisRules(List.of()), pipelining);
  }

  private static void assertClose(Literal found, Literal expected, String what) {
    assertThat(found.type()).isEqualTo(expected.type());
    for (int i = 0; i < expected.type().shape().elements(); i++) {
      assertThat(found.get(i))
          .as("%s, element %d", what, i)
          .isCloseTo(expected.get(i), within(1e-11 * Math.max(1, Math.abs(expected.get(i)))));
    }
  }

  @Test
  void sendsOneMicroBatchInEachTurn() {
    Case test = new Case("gradients", 1, PipelineTest::backward);
    PartitionedGraph program = partition(test, trace(test), Mesh.of("stage", 4), 6, true);
    assertThat(permutes(program))
        .hasSize(2)
        .allMatch(use -> use.times() == 6 + 4 - 1)
        .allMatch(use -> use.operand().equals(TensorType.of(DType.F64, BATCH / 6, WIDTH)));
    assertThat(CollectiveUse.of(program.graph()))
        .allMatch(use -> PipelineChecks.isPermute(use) || use.operand().shape().rank() == 2);
  }

  @Test
  void aBatchThatDoesNotDivideIsAnError() {
    Case test = cases().findFirst().orElseThrow();
    assertThatThrownBy(() -> partition(test, trace(test), Mesh.of("stage", 2), 5, true))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining("5 micro-batches")
        .hasMessageContaining("num_pipeline_microbatches");
    assertThatThrownBy(() -> new Pipelining(0, -1)).isInstanceOf(ShardingException.class);
  }

  @Test
  void aLoopThatMixesItsRowsTakesTheBatchAsOne() {
    Case test =
        new Case(
            "mean",
            0,
            args ->
                all(
                    layers(
                        false,
                        List.of(args.get(1)),
                        List.of(args.get(0)),
                        (carry, w) -> {
                          Array y = Ops.dot(carry.getFirst(), w.getFirst());
                          Array mean = y.sum(0).broadcastInDim(X.shape(), 1);
                          return new ScanResult(List.of(y.sub(mean).tanh()), List.of());
                        })));
    Graph graph = trace(test);
    List<Literal> inputs = List.of(numbers(WEIGHTS, 1), numbers(X, 2));
    PartitionedGraph program = partition(test, graph, Mesh.of("stage", 2), -1, true);
    assertClose(
        MeshInterpreter.run(program, inputs).getFirst(),
        Interpreter.run(graph, inputs).getFirst(),
        "mixed");
    assertThat(permutes(program))
        .singleElement()
        .matches(use -> use.operand().equals(X) && use.times() == 2);
  }

  @Test
  void fewRowsGoOneByOne() {
    Case test = cases().findFirst().orElseThrow();
    PartitionedGraph program = partition(test, trace(test), Mesh.of("stage", 2), 100, true);
    assertThat(permutes(program)).singleElement().matches(use -> use.times() == BATCH + 1);
  }

  @Test
  void aLoopThatCarriesNothingIsCut() {
    Case test =
        new Case(
            "rows of layers",
            1,
            args ->
                all(
                    layers(
                        false,
                        List.of(),
                        List.of(args.get(0)),
                        (_, w) -> new ScanResult(List.of(), List.of(w.getFirst().exp())))));
    Graph graph = trace(test);
    List<Literal> inputs = List.of(numbers(WEIGHTS, 1), numbers(X, 2));
    PartitionedGraph program = partition(test, graph, Mesh.of("stage", 2), -1, true);
    assertClose(
        MeshInterpreter.run(program, inputs).getFirst(),
        Interpreter.run(graph, inputs).getFirst(),
        "cut");
    assertThat(CollectiveUse.of(program.graph())).isEmpty();
  }
}
