package jaxon.nd4j;

import java.util.List;
import java.util.SortedSet;
import jaxon.graph.Graph;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;

/// The engine that runs graphs op by op on ND4J arrays, on the CPU.
public final class Nd4jBackend implements Backend {
  /// The value of `hardware:` that chooses this engine.
  public static final String NAME = "nd4j";

  static final Device DEVICE = new Device(NAME, 0);

  private final Engine engine;
  private final MemoryPool pool = new MemoryPool();

  /// Opens the engine; throws [IllegalStateException] when ND4J has no library for this platform.
  public Nd4jBackend() {
    this.engine = Engine.get();
  }

  /// Sets how many threads kernels use from now on, in all backends of the process.
  ///
  /// Results may differ in rounding between thread counts; for one count they are the same bits.
  @Override
  public void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be >= 1, got " + threads);
    }
    engine.setThreads(threads);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Device> devices() {
    return List.of(DEVICE);
  }

  @Override
  public Executable compile(Graph graph, CompileOptions options) {
    CompilePipeline pipeline = CompilePipeline.standard(Threefry.COMPOSITE::equals);
    Plan plan = Lowering.lower(pipeline.run(graph, options), options.donated());
    return load(plan, options.donated());
  }

  /// An executable for a plan that was made with the same `donated` positions.
  Executable load(Plan plan, SortedSet<Integer> donated) {
    return new Nd4jExecutable(plan, donated, pool, engine);
  }

  @Override
  public Buffer put(Literal value, Device device) {
    if (!device.equals(DEVICE)) {
      throw new IllegalArgumentException("nd4j has the device " + DEVICE + ", asked: " + device);
    }
    MemoryPool.Block block = pool.take(value.type().bytes());
    HostMemory.write(value.toStorage(), block.address());
    return new Nd4jBuffer(value.type(), pool, block);
  }

  /// Buffers that are not closed, for leak checks.
  public long liveBuffers() {
    return pool.liveBlocks();
  }

  /// Bytes of the buffers that are not closed.
  public long liveBytes() {
    return pool.liveBytes();
  }

  @Override
  public void close() {
    pool.close();
  }
}
