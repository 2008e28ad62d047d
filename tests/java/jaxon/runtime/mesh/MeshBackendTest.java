package jaxon.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import jaxon.collective.Communicator;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.Placement;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MeshBackendTest {
  private static final Mesh GRID = Mesh.of("fsdp", 2, "tensor", 2);
  private static final TensorType EIGHT = TensorType.of(DType.F32, 8, 8);

  private static MeshBackend open(Mesh mesh) {
    DeviceLinks links = DeviceLinks.inProcess(mesh, Duration.ofSeconds(20));
    MeshBackend backend = MeshBackend.open("cpu", links, DefaultRules.rules(), Pipelining.DEFAULT);
    backend.setThreads(1);
    return backend;
  }

  private static Literal counted(TensorType type) {
    return Literal.generate(type, i -> (i * 7 % 23 - 11) / 4.0);
  }

  private static Graph graph(List<TensorType> types, UnaryOperator<List<Array>> function) {
    return Tracer.traceClosed("program", types, function);
  }

  private static Literal run(
      MeshBackend backend, Graph graph, Placement placement, List<Literal> values) {
    try (Executable program = backend.compile(graph, CompileOptions.DEFAULT.placed(placement))) {
      List<Buffer> inputs = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        inputs.add(backend.put(values.get(i), program, i));
      }
      List<Buffer> results = program.execute(inputs);
      Literal result = results.getFirst().toLiteral();
      inputs.forEach(Buffer::close);
      results.forEach(Buffer::close);
      return result;
    }
  }

  static Stream<Mesh> meshes() {
    return Stream.of(
        Mesh.of("fsdp", 2), GRID, new Mesh(List.of("data", "fsdp", "tensor"), List.of(2, 2, 2)));
  }

  /// Each communicator of the world waits for the farewell of the others, so one after the other
  /// each would wait in vain.
  @Test
  void closesItsCommunicatorsTogether() {
    CountDownLatch closing = new CountDownLatch(GRID.devices());
    AtomicInteger met = new AtomicInteger();
    DeviceLinks links = DeviceLinks.inProcess(GRID, Duration.ofSeconds(20));
    IntFunction<Communicator> waiting =
        device ->
            beforeClose(
                links.communicators().apply(device),
                () -> {
                  closing.countDown();
                  try {
                    met.addAndGet(closing.await(20, TimeUnit.SECONDS) ? 1 : 0);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    DeviceLinks wrapped = new DeviceLinks(links.local(), waiting, links.release());
    MeshBackend.open("cpu", wrapped, DefaultRules.rules(), Pipelining.DEFAULT).close();
    assertThat(met).hasValue(GRID.devices());
  }

  private static Communicator beforeClose(Communicator communicator, Runnable action) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().equals("close")) {
            action.run();
          }
          return method.invoke(communicator, arguments);
        };
    Class<?>[] types = {Communicator.class};
    return (Communicator)
        Proxy.newProxyInstance(Communicator.class.getClassLoader(), types, handler);
  }

  /// From any cut to any other: gathers, exchanges and cuts along every dim.
  @ParameterizedTest
  @MethodSource("meshes")
  void changesHowTensorsAreCut(Mesh mesh) {
    SplittableRandom random = new SplittableRandom(mesh.devices());
    try (MeshBackend backend = open(mesh)) {
      for (int round = 0; round < 40; round++) {
        Shape shape =
            Shape.of(LongStream.range(0, 1 + random.nextInt(3)).mapToObj(_ -> 8L).toList());
        DType dtype = random.nextBoolean() ? DType.F32 : DType.BF16;
        TensorType type = new TensorType(dtype, shape);
        Placement placement =
            new Placement(
                List.of(spec(random, mesh, shape.rank())),
                List.of(spec(random, mesh, shape.rank())));
        Graph graph = graph(List.of(type), args -> List.of(args.getFirst().neg()));
        Literal value = counted(type);
        Literal found = run(backend, graph, placement, List.of(value));
        assertThat(found)
            .as("%s from %s to %s", type, placement.inputs(), placement.outputs())
            .isEqualTo(Literal.generate(type, i -> -value.get(i)));
      }
    }
  }

  private static PartitionSpec spec(SplittableRandom random, Mesh mesh, int rank) {
    List<List<String>> dims = new ArrayList<>();
    IntStream.range(0, rank).forEach(_ -> dims.add(new ArrayList<>()));
    for (String axis : mesh.axes()) {
      int dim = random.nextInt(rank + 1);
      if (dim < rank) {
        dims.get(dim).add(axis);
      }
    }
    return new PartitionSpec(dims);
  }

  /// Sums over a cut dim: all_reduce, and reduce_scatter along every other dim.
  @Test
  void sumsOverDimsThatAreCut() {
    Graph graph = graph(List.of(EIGHT, EIGHT), args -> List.of(Ops.dot(args.get(0), args.get(1))));
    List<Literal> values = List.of(counted(EIGHT), counted(EIGHT));
    try (MeshBackend backend = open(GRID)) {
      List<PartitionSpec> cut = List.of(PartitionSpec.of("", "fsdp"), PartitionSpec.of("fsdp", ""));
      Literal expected =
          run(
              backend,
              graph,
              new Placement(
                  List.of(PartitionSpec.replicated(2), PartitionSpec.replicated(2)),
                  List.of(PartitionSpec.replicated(2))),
              values);
      for (PartitionSpec result :
          List.of(
              PartitionSpec.of("", ""),
              PartitionSpec.of("fsdp", ""),
              PartitionSpec.of("", "fsdp"),
              PartitionSpec.of("tensor", "fsdp"))) {
        assertThat(run(backend, graph, new Placement(cut, List.of(result)), values))
            .as("result cut %s", result)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void refusesABufferThatIsCutOtherwise() {
    Graph graph = graph(List.of(EIGHT), args -> List.of(args.getFirst().exp()));
    try (MeshBackend backend = open(GRID);
        Executable rows = backend.compile(graph, placed("fsdp", ""));
        Executable columns = backend.compile(graph, placed("", "tensor"));
        Buffer buffer = backend.put(counted(EIGHT), rows, 0)) {
      assertThatThrownBy(() -> columns.execute(List.of(buffer)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("input 0 must be a f32[8, 8] cut (-, tensor)")
          .hasMessageContaining("got f32[8, 8] cut (fsdp, -)");
    }
  }

  private static CompileOptions placed(String... dims) {
    PartitionSpec spec = PartitionSpec.of(dims);
    return CompileOptions.DEFAULT.placed(new Placement(List.of(spec), List.of(spec)));
  }

  @Test
  void donatedBuffersAreTakenOver() {
    Graph graph = graph(List.of(EIGHT), args -> List.of(args.getFirst().neg()));
    try (MeshBackend backend = open(GRID);
        Executable program = backend.compile(graph, placed("fsdp", "tensor").donateFirst(1))) {
      Buffer buffer = backend.put(counted(EIGHT), program, 0);
      List<Buffer> results = program.execute(List.of(buffer));
      assertThat(buffer.isClosed()).isTrue();
      assertThat(results.getFirst().isClosed()).isFalse();
      results.forEach(Buffer::close);
    }
  }

  /// A tensor that is cut takes as much on each device as its part.
  @Test
  void memoryIsThatOfTheParts() {
    TensorType large = TensorType.of(DType.F32, 1024, 1024);
    Graph graph = graph(List.of(large), args -> List.of(args.getFirst().neg()));
    try (MeshBackend backend = open(Mesh.of("fsdp", 4));
        Executable cut = backend.compile(graph, placed("fsdp", ""));
        Executable whole = backend.compile(graph, placed("", ""))) {
      assertThat(cut.memory().argumentBytes()).isEqualTo(large.bytes());
      assertThat(whole.memory().argumentBytes()).isEqualTo(4 * large.bytes());
      // Scratch of the kernels comes on top of both.
      assertThat(cut.memory().peakBytes() * 4.0 / whole.memory().peakBytes())
          .isCloseTo(1, within(0.01));
    }
  }

  @Test
  void partsInOtherProcessesCannotBeRead() {
    Literal half = counted(TensorType.of(DType.F32, 4, 8));
    LocalDevices first = new LocalDevices(Mesh.of("fsdp", 2), 0, 1);
    assertThatThrownBy(() -> first.join(List.of(half), PartitionSpec.of("fsdp", ""), EIGHT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lies in 2 blocks, of which this process has 1");
  }

  @Test
  void failureOfOneDeviceEndsTheOthers() {
    DeviceLinks links = DeviceLinks.inProcess(Mesh.of("data", 2), Duration.ofSeconds(20));
    List<Integer> told = new ArrayList<>();
    try (DeviceThreads threads =
        new DeviceThreads(
            0,
            2,
            (place, cause) -> {
              told.add(place);
              links.communicators().apply(place).abort(cause);
            })) {
      assertThatThrownBy(() ->
              threads.run(place -> {
                if (place == 1) {
                  throw new IllegalStateException("device 1 has no luck");
                }
                links.communicators().apply(0).barrier();
                return "never";
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("device 1 has no luck");
    }
    assertThat(new TreeSet<>(told)).contains(1);
    links.release().run();
  }
}
