package jaxon.nd4j;

/// Gathers windows: block copies, spread over threads.
final class GatherKernel implements Kernel {
  private final Windows windows;
  private final Tensor operand;
  private final Tensor indices;
  private final Tensor result;
  private final Workers workers;
  private final StridedCopy copy;

  GatherKernel(Windows windows, Tensor operand, Tensor indices, Tensor result, Workers workers) {
    this.windows = windows;
    this.operand = operand;
    this.indices = indices;
    this.result = result;
    this.workers = workers;
    this.copy = StridedCopy.of(windows.inOperand(), windows.inGathered(), Workers.ONE);
  }

  @Override
  public void run() {
    long from = operand.address();
    long to = result.address();
    long at = indices.address();
    workers.split(
        windows.count(),
        2 * result.view().type().bytes(),
        (first, end) -> {
          for (int i = (int) first; i < end; i++) {
            copy.run(from + windows.clamped(i, at), to + windows.gatheredBytes(i));
          }
        });
  }
}
