package jaxon.runtime.lower;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jaxon.graph.Graph;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.host.MemoryPool;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.HostBuffer;
import jaxon.runtime.program.Plan;
import jaxon.runtime.program.ProgramExecutable;

/// A backend with one device whose memory is the host's.
public abstract class HostBackend implements Backend {
  private final Device device;
  private final MemoryPool pool = new MemoryPool();

  /// A backend whose device is `name:id`.
  protected HostBackend(String name, int id) {
    this.device = new Device(name, id);
  }

  /// How the engine computes what is its own in a program called `program`.
  protected abstract OpLowerings lowerings(String program, CompileOptions options);

  /// The threads of programs that are linked now.
  protected abstract WorkerPool workers();

  /// The passes before lowering.
  protected abstract CompilePipeline pipeline();

  @Override
  public final String name() {
    return device.backend();
  }

  @Override
  public final List<Device> devices() {
    return List.of(device);
  }

  @Override
  public final Executable compile(Graph graph, CompileOptions options) {
    return load(pipeline().run(graph, options), options);
  }

  /// An executable for `graph` as it is, with no pass before lowering.
  public final Executable load(Graph graph, CompileOptions options) {
    Plan plan = Lowering.lower(graph, options, lowerings(graph.name(), options));
    return new ProgramExecutable(plan, options.donated(), device, pool, workers());
  }

  @Override
  public final Buffer put(Literal value, Device target) {
    if (!target.equals(device)) {
      throw new IllegalArgumentException(
          name() + " has the device " + device + ", asked: " + target);
    }
    return HostBuffer.of(value, device, pool);
  }

  @Override
  public final Buffer put(TensorType type, Device target, Consumer<MemorySegment> fill) {
    return HostBuffer.of(type, target, pool, fill);
  }

  /// Buffers that are not closed, for leak checks.
  public final long liveBuffers() {
    return pool.liveBlocks();
  }

  /// Bytes of the buffers that are not closed.
  public final long liveBytes() {
    return pool.liveBytes();
  }

  /// Bytes that kernels hold besides the memory of buffers and programs.
  protected long kernelBytes() {
    return 0;
  }

  @Override
  public final OptionalLong peakBytes() {
    return OptionalLong.of(pool.peakBytes() + kernelBytes());
  }

  @Override
  public void close() {
    pool.close();
  }
}
