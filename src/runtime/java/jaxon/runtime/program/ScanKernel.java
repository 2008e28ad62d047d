package jaxon.runtime.program;

import java.util.List;
import jaxon.graph.op.ControlOp;

/// Runs a scan as a loop: the body reads slices of the scanned operands where they are and writes
/// slices of the stacked results in place.
public final class ScanKernel implements Kernel {
  private final ControlOp.Scan scan;
  private final LinkedProgram body;
  private final LoopCarry carry;
  private final List<Tensor> operands;
  private final List<Tensor> stacked;

  /// @param operands constants, initial carries and scanned operands
  /// @param stacked the results after the carries
  public ScanKernel(
      ControlOp.Scan scan,
      LinkedProgram body,
      LoopCarry carry,
      List<Tensor> operands,
      List<Tensor> stacked) {
    this.scan = scan;
    this.body = body;
    this.carry = carry;
    this.operands = List.copyOf(operands);
    this.stacked = List.copyOf(stacked);
  }

  @Override
  public void run() {
    for (int i = 0; i < scan.consts(); i++) {
      body.input(i, operands.get(i).address());
    }
    carry.start();
    for (long step = 0; step < scan.length(); step++) {
      long slice = scan.reverse() ? scan.length() - 1 - step : step;
      for (int i = scan.consts() + scan.carries(); i < operands.size(); i++) {
        body.input(i, slice(operands.get(i), slice));
      }
      for (int i = 0; i < stacked.size(); i++) {
        body.output(scan.carries() + i, slice(stacked.get(i), slice));
      }
      carry.bind();
      body.run();
      carry.advance();
    }
    carry.finish();
  }

  private long slice(Tensor tensor, long index) {
    return tensor.address() + index * (tensor.view().type().bytes() / scan.length());
  }
}
