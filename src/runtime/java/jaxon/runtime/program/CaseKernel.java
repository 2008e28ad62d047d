package jaxon.runtime.program;

import java.util.List;
import jaxon.runtime.host.HostMemory;

/// Runs the branch that the index names; the last one if it is out of range.
public final class CaseKernel implements Kernel {
  private final LinkedProgram[] branches;
  private final Tensor[] operands;
  private final Tensor[] results;

  /// @param operands the index, then the arguments
  public CaseKernel(List<LinkedProgram> branches, List<Tensor> operands, List<Tensor> results) {
    this.branches = branches.toArray(LinkedProgram[]::new);
    this.operands = operands.toArray(Tensor[]::new);
    this.results = results.toArray(Tensor[]::new);
  }

  @Override
  public void run() {
    int index = HostMemory.ALL.get(HostMemory.INT, operands[0].address());
    boolean inRange = index >= 0 && index < branches.length;
    LinkedProgram branch = branches[inRange ? index : branches.length - 1];
    for (int i = 1; i < operands.length; i++) {
      branch.input(i - 1, operands[i].address());
    }
    for (int i = 0; i < results.length; i++) {
      branch.output(i, results[i].address());
    }
    branch.run();
  }
}
