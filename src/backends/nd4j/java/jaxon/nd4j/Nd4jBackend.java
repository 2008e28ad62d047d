package jaxon.nd4j;

import jaxon.graph.trace.Threefry;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.lower.HostBackend;
import jaxon.runtime.lower.OpLowerings;

/// The engine that runs graphs op by op on ND4J arrays, on the CPU.
public final class Nd4jBackend extends HostBackend {
  /// The value of `hardware:` that chooses this engine.
  public static final String NAME = "nd4j";

  private final Engine engine;

  /// Opens the engine; throws [IllegalStateException] when ND4J has no library for this platform.
  public Nd4jBackend() {
    super(NAME, 0);
    this.engine = Engine.get();
  }

  /// Sets how many threads kernels use from now on, in all backends of the process; loops in Java
  /// of programs that are compiled already keep theirs.
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
  protected OpLowerings lowerings(String program, CompileOptions options) {
    return new Nd4jLowerings();
  }

  @Override
  protected WorkerPool workers() {
    return engine.workers();
  }

  @Override
  protected CompilePipeline pipeline() {
    return CompilePipeline.standard(Threefry.COMPOSITE::equals);
  }
}
