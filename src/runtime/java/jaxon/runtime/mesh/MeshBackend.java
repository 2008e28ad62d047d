package jaxon.runtime.mesh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.graph.Graph;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.BlockSource;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.Placement;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.Sharding;
import jaxon.sharding.partition.PartitionedGraph;
import jaxon.sharding.partition.Partitioner;

/// The devices of a mesh as one backend: programs are those of the whole mesh, buffers whole
/// tensors, and every process of the mesh makes the same calls in the same order.
public final class MeshBackend implements Backend {
  private final LocalDevices local;
  private final LogicalAxisRules rules;
  private final Pipelining pipelining;
  private final List<Backend> engines;
  private final DeviceThreads threads;
  private final List<Communicator> worlds;
  private final List<MeshCollectives> collectives = new ArrayList<>();
  private final Runnable release;

  // Asked in each step: one flag for each device of this process.
  private final Arena arena = Arena.ofShared();
  private final MemorySegment flags;

  private MeshBackend(
      DeviceLinks links,
      LogicalAxisRules rules,
      Pipelining pipelining,
      boolean overlap,
      List<Backend> engines) {
    this.local = links.local();
    this.rules = rules;
    this.pipelining = pipelining;
    this.engines = List.copyOf(engines);
    this.release = links.release();
    flags = arena.allocate(ValueLayout.JAVA_INT, local.count());
    threads = new DeviceThreads(local.first(), local.count(), this::abort);
    worlds = threads.run(place -> links.communicators().apply(local.first() + place));
    for (int place = 0; place < local.count(); place++) {
      Communicator world = worlds.get(place);
      collectives.add(new MeshCollectives(local.mesh(), local.first() + place, world, overlap));
    }
  }

  /// Opens the devices of this process, whose collectives run beside other kernels.
  ///
  /// @param hardware the backend of each device
  /// @param rules what the sharding constraints of programs mean
  /// @param pipelining how loops over layers on several stages run
  public static MeshBackend open(
      String hardware, DeviceLinks links, LogicalAxisRules rules, Pipelining pipelining) {
    return open(hardware, links, rules, pipelining, true);
  }

  /// Opens the devices of this process.
  ///
  /// @param overlap whether collectives are started early and finished late; results do not depend
  ///   on it
  public static MeshBackend open(
      String hardware,
      DeviceLinks links,
      LogicalAxisRules rules,
      Pipelining pipelining,
      boolean overlap) {
    LocalDevices local = links.local();
    List<Backend> engines = Backends.open(hardware, local.first(), local.count());
    try {
      return new MeshBackend(links, rules, pipelining, overlap, engines);
    } catch (RuntimeException | Error e) {
      engines.forEach(Backend::close);
      links.release().run();
      throw e;
    }
  }

  /// Tells the devices of this process that those of another are gone, so that none waits for them.
  ///
  /// @param first id of the first device that is gone
  public void lost(int first, String reason) {
    worlds.forEach(world -> world.lost(first, reason));
  }

  /// Whether any process of the mesh says yes; all of them must ask at the same point.
  public boolean any(boolean here) {
    if (local.count() == local.mesh().devices()) {
      return here;
    }
    for (int place = 0; place < local.count(); place++) {
      flags.setAtIndex(ValueLayout.JAVA_INT, place, here ? 1 : 0);
    }
    threads.run(place -> {
      MemorySegment flag = flags.asSlice((long) place * Integer.BYTES, Integer.BYTES);
      worlds.get(place).allReduce(Reduction.MAX, DType.I32, 1, flag, flag);
      return place;
    });
    return flags.get(ValueLayout.JAVA_INT, 0) == 1;
  }

  /// The last collectives of the devices of this process, as text.
  public String flightRecords() {
    return worlds.stream()
        .map(world -> world.recorder().dump())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /// Tells the others that a device of this process has failed.
  private void abort(int place, Throwable failure) {
    // Null while the communicators are made, one after the other: who waits has a timeout.
    if (worlds != null) {
      worlds.get(place).abort(failure);
    }
  }

  @Override
  public String name() {
    return engines.getFirst().name();
  }

  /// The devices of this process.
  @Override
  public List<Device> devices() {
    return engines.stream().flatMap(engine -> engine.devices().stream()).toList();
  }

  /// Divides `threads` among the devices of this process.
  @Override
  public void setThreads(int threads) {
    engines.forEach(engine -> engine.setThreads(Math.max(1, threads / local.count())));
  }

  @Override
  public Executable compile(Graph graph, CompileOptions options) {
    Placement placement = options.placement().orElseGet(() -> replicated(graph));
    PartitionedGraph program =
        Partitioner.partition(
            graph,
            local.mesh(),
            placement.inputs(),
            placement.outputs().stream().map(Optional::of).toList(),
            rules,
            pipelining);
    List<Executable> parts = new ArrayList<>();
    try {
      for (int place = 0; place < local.count(); place++) {
        CompileOptions own = options.onDevice(collectives.get(place));
        // Devices run the same program: one dump of it will do.
        parts.add(
            engines.get(place).compile(program.graph(), place == 0 ? own : own.withoutDump()));
      }
    } catch (RuntimeException | Error e) {
      parts.forEach(Executable::close);
      throw e;
    }
    return new MeshExecutable(graph.type(), program, local, parts, options.donated(), threads);
  }

  private static Placement replicated(Graph graph) {
    return new Placement(
        PartitionSpec.replicated(graph.type().inputs()),
        PartitionSpec.replicated(graph.type().outputs()));
  }

  /// Copies a host tensor to every device of this process.
  @Override
  public Buffer put(Literal value, Device device) {
    return put(value, PartitionSpec.replicated(value.type().shape().rank()));
  }

  @Override
  public Buffer put(Literal value, Executable program, int position) {
    return put(value, ((MeshExecutable) program).inputSpec(position));
  }

  private Buffer put(Literal value, PartitionSpec spec) {
    List<Literal> blocks = local.cut(value, spec);
    List<Buffer> parts = new ArrayList<>();
    try {
      for (int place = 0; place < local.count(); place++) {
        Backend engine = engines.get(place);
        parts.add(engine.put(blocks.get(place), engine.devices().getFirst()));
      }
    } catch (RuntimeException | Error e) {
      parts.forEach(Buffer::close);
      throw e;
    }
    return new ShardedBuffer(value.type(), spec, local, parts);
  }

  @Override
  public Buffer put(TensorType type, BlockSource source, Executable program, int position) {
    PartitionSpec spec = ((MeshExecutable) program).inputSpec(position);
    Sharding sharding = new Sharding(local.mesh(), spec);
    Shape extent = sharding.localShape(type.shape());
    List<Buffer> parts = new ArrayList<>();
    try {
      for (int place = 0; place < local.count(); place++) {
        Backend engine = engines.get(place);
        List<Long> start = sharding.offsets(local.first() + place, type.shape());
        parts.add(
            engine.put(
                type.withShape(extent),
                engine.devices().getFirst(),
                memory -> source.read(start, extent, memory)));
      }
    } catch (RuntimeException | Error e) {
      parts.forEach(Buffer::close);
      throw e;
    }
    return new ShardedBuffer(type, spec, local, parts);
  }

  /// The sum over the devices of this process.
  @Override
  public OptionalLong peakBytes() {
    return engines.stream().allMatch(engine -> engine.peakBytes().isPresent())
        ? OptionalLong.of(
            engines.stream().mapToLong(engine -> engine.peakBytes().getAsLong()).sum())
        : OptionalLong.empty();
  }

  @Override
  public void close() {
    try {
      // Together, because each waits for the farewell of the others.
      threads.run(place -> {
        worlds.get(place).close();
        return place;
      });
    } finally {
      threads.close();
      engines.forEach(Backend::close);
      release.run();
      arena.close();
    }
  }
}
