package jaxon.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.trace.Threefry;
import jaxon.runtime.Backend;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.CompilePipeline;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.lower.HostBackend;
import jaxon.runtime.lower.OpLowerings;
import jaxon.runtime.pass.fuse.FuseLoops;
import jaxon.runtime.pass.fuse.KeepPrecision;

/// The engine that compiles graphs for the CPU.
public final class CpuBackend extends HostBackend {
  /// The value of `hardware:` that chooses this engine.
  public static final String NAME = "cpu";

  private final CompositeKernels composites;
  private final long threadBytesAtStart = Dnnl.threadBytes();
  private final List<WorkerPool> pools = new ArrayList<>();

  /// Opens the engine with one thread per core.
  public CpuBackend() {
    this(CompositeKernels.standard());
  }

  CpuBackend(CompositeKernels composites) {
    this(composites, 0, Runtime.getRuntime().availableProcessors());
  }

  private CpuBackend(CompositeKernels composites, int device, int threads) {
    super(NAME, device);
    this.composites = composites;
    pools.add(new WorkerPool(threads));
  }

  /// Engines for `count` devices of one process, numbered from `first` on: they share generated
  /// code and divide the cores among them.
  static List<Backend> open(int first, int count) {
    CompositeKernels composites = CompositeKernels.standard();
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
    return IntStream.range(first, first + count)
        .<Backend>mapToObj(device -> new CpuBackend(composites, device, threads))
        .toList();
  }

  /// Sets the threads of programs that are compiled from now on; earlier ones keep theirs. Results
  /// do not depend on it.
  @Override
  public void setThreads(int threads) {
    synchronized (pools) {
      if (pools.getLast().threads() != threads) {
        pools.add(new WorkerPool(threads));
      }
    }
  }

  @Override
  protected OpLowerings lowerings(String program, CompileOptions options) {
    return new CpuLowerings(new CompositeLowering(composites, workers(), program, options));
  }

  @Override
  protected WorkerPool workers() {
    synchronized (pools) {
      return pools.getLast();
    }
  }

  @Override
  protected CompilePipeline pipeline() {
    return CompilePipeline.standard(name -> name.equals(Threefry.COMPOSITE) || composites.has(name))
        .then(new FuseLoops())
        // Last: before it, values in f32 could be what passes from loop to loop.
        .then(new KeepPrecision());
  }

  @Override
  protected long kernelBytes() {
    return Math.max(0, Dnnl.threadBytes() - threadBytesAtStart);
  }

  @Override
  public void close() {
    super.close();
    synchronized (pools) {
      pools.forEach(WorkerPool::close);
    }
  }
}
