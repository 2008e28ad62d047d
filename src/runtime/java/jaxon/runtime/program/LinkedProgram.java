package jaxon.runtime.program;

import java.util.List;
import jaxon.runtime.host.HostMemory;

/// A plan with memory: bind the addresses of inputs and outputs, then run.
public final class LinkedProgram {
  private final Plan plan;
  private final Kernel[] kernels;
  private final List<Anchor> inputs;
  private final List<Anchor> outputs;
  private final List<Tensor> results;

  /// @param results where the program leaves each output, before those are copied that must be
  LinkedProgram(
      Plan plan,
      List<Kernel> kernels,
      List<Anchor> inputs,
      List<Anchor> outputs,
      List<Tensor> results) {
    this.plan = plan;
    this.kernels = kernels.toArray(Kernel[]::new);
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.results = List.copyOf(results);
  }

  Plan plan() {
    return plan;
  }

  /// Says where input `index` is in the next run.
  void input(int index, long address) {
    inputs.get(index).moveTo(address);
  }

  /// Says where output `index` goes in the next run, if [Plan#needsPlace].
  void output(int index, long address) {
    outputs.get(index).moveTo(address);
  }

  void run() {
    for (Kernel kernel : kernels) {
      kernel.run();
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (plan.memory().mustCopyOutput(i)) {
        long bytes = plan.type().outputs().get(i).bytes();
        HostMemory.copy(results.get(i).address(), outputs.get(i).address(), bytes);
      }
    }
  }

  /// Where output `index` is after a run.
  long resultAddress(int index) {
    return plan.memory().mustCopyOutput(index)
        ? outputs.get(index).address()
        : results.get(index).address();
  }
}
