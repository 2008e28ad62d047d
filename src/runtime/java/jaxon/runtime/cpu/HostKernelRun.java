package jaxon.runtime.cpu;

import java.util.List;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// A [HostKernel] with its place in a program.
final class HostKernelRun implements Kernel {
  private final HostKernel kernel;
  private final Tensor[] operands;
  private final Tensor[] results;
  private final Tensor scratch;
  private final WorkerPool workers;
  private final long[] operandAddresses;
  private final long[] resultAddresses;

  HostKernelRun(
      HostKernel kernel,
      List<Tensor> operands,
      List<Tensor> results,
      Tensor scratch,
      WorkerPool workers) {
    this.kernel = kernel;
    this.operands = operands.toArray(Tensor[]::new);
    this.results = results.toArray(Tensor[]::new);
    this.scratch = scratch;
    this.workers = workers;
    this.operandAddresses = new long[operands.size()];
    this.resultAddresses = new long[results.size()];
  }

  @Override
  public KernelWork work(KernelWork known) {
    return new KernelWork(known.name(), known.dtype(), kernel.flops(), kernel.bytes());
  }

  @Override
  public void run() {
    for (int i = 0; i < operands.length; i++) {
      operandAddresses[i] = operands[i].address();
    }
    for (int i = 0; i < results.length; i++) {
      resultAddresses[i] = results[i].address();
    }
    kernel.run(operandAddresses, resultAddresses, scratch.address(), workers);
  }
}
