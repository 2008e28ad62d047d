package jaxon.runtime.program;

import java.util.List;
import jaxon.runtime.host.HostMemory;

/// Runs the branch that the index names; the last one if it is out of range.
public final class CaseKernel implements Kernel {
  private final List<LinkedProgram> branches;
  private final List<Tensor> operands;
  private final List<Tensor> results;

  /// @param operands the index, then the arguments
  public CaseKernel(List<LinkedProgram> branches, List<Tensor> operands, List<Tensor> results) {
    this.branches = List.copyOf(branches);
    this.operands = List.copyOf(operands);
    this.results = List.copyOf(results);
  }

  @Override
  public void run() {
    int index = HostMemory.ALL.get(HostMemory.INT, operands.getFirst().address());
    boolean inRange = index >= 0 && index < branches.size();
    LinkedProgram branch = branches.get(inRange ? index : branches.size() - 1);
    for (int i = 1; i < operands.size(); i++) {
      branch.input(i - 1, operands.get(i).address());
    }
    for (int i = 0; i < results.size(); i++) {
      branch.output(i, results.get(i).address());
    }
    branch.run();
  }
}
