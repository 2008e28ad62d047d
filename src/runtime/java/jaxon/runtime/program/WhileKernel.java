package jaxon.runtime.program;

import jaxon.runtime.host.HostMemory;

/// Repeats a body while a condition holds on the carry.
public final class WhileKernel implements Kernel {
  private final LinkedProgram condition;
  private final LinkedProgram body;
  private final LoopCarry carry;
  private final Tensor predicate;

  public WhileKernel(
      LinkedProgram condition, LinkedProgram body, LoopCarry carry, Tensor predicate) {
    this.condition = condition;
    this.body = body;
    this.carry = carry;
    this.predicate = predicate;
  }

  @Override
  public void run() {
    condition.output(0, predicate.address());
    carry.start();
    while (holds()) {
      carry.bind();
      body.run();
      carry.advance();
    }
    carry.finish();
  }

  private boolean holds() {
    for (int i = 0; i < carry.size(); i++) {
      condition.input(i, carry.address(i));
    }
    condition.run();
    return HostMemory.ALL.get(HostMemory.BYTE, predicate.address()) != 0;
  }
}
