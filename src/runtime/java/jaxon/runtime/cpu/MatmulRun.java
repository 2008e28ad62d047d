package jaxon.runtime.cpu;

import jaxon.runtime.cpu.dnnl.Matmul;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// A [Matmul] with its place in a program.
final class MatmulRun implements Kernel {
  private final Matmul matmul;
  private final Tensor a;
  private final Tensor b;
  private final Tensor c;
  private final WorkerPool workers;

  MatmulRun(Matmul matmul, Tensor a, Tensor b, Tensor c, WorkerPool workers) {
    this.matmul = matmul;
    this.a = a;
    this.b = b;
    this.c = c;
    this.workers = workers;
  }

  @Override
  public void run() {
    matmul.run(a.address(), b.address(), c.address(), workers);
  }
}
