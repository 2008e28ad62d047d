package jaxon.runtime.cpu;

import java.lang.System.Logger;
import java.util.Optional;
import jaxon.runtime.cpu.loop.Loop;
import jaxon.runtime.cpu.loop.UnsupportedLoopException;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;

/// A generated loop as a kernel.
final class LoopKernel implements HostKernel {
  private static final Logger LOG = System.getLogger(LoopKernel.class.getName());

  private final Loop loop;

  private LoopKernel(Loop loop) {
    this.loop = loop;
  }

  /// The loop of `call`; empty when there is no code for it and it must run op by op.
  static Optional<HostKernel> prepare(CompositeCall call, LoopCompilers compilers) {
    try {
      return Optional.of(new LoopKernel(compilers.compile(call)));
    } catch (UnsupportedLoopException e) {
      LOG.log(
          Logger.Level.DEBUG,
          "no loop for {0}: {1}; it runs op by op",
          call.equation().source(),
          e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public long scratchBytes() {
    return loop.scratchBytes();
  }

  @Override
  public boolean mayOverwrite(int operand, int result) {
    return loop.mayShare(result, operand);
  }

  @Override
  public void run(long[] operands, long[] results, long scratch, WorkerPool pool) {
    loop.run(operands, results, scratch, pool);
  }

  @Override
  public long flops() {
    return loop.flops();
  }

  @Override
  public long bytes() {
    return loop.bytes();
  }

  @Override
  public void close() {
    // The code belongs to the compiler.
  }
}
