package jaxon.runtime.program;

import java.util.List;
import jaxon.graph.op.ControlOp;

/// Runs a scan as a loop: the body reads slices of the scanned operands where they are and writes
/// slices of the stacked results in place.
public final class ScanKernel implements Kernel {
  private final ControlOp.Scan scan;
  private final LinkedProgram body;
  private final LoopCarry carry;
  private final Tensor[] operands;
  private final Tensor[] stacked;
  private final long[] operandSlices;
  private final long[] stackedSlices;

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
    this.operands = operands.toArray(Tensor[]::new);
    this.stacked = stacked.toArray(Tensor[]::new);
    this.operandSlices = sliceBytes(operands);
    this.stackedSlices = sliceBytes(stacked);
  }

  private long[] sliceBytes(List<Tensor> tensors) {
    long length = Math.max(1, scan.length());
    return tensors.stream().mapToLong(tensor -> tensor.view().type().bytes() / length).toArray();
  }

  @Override
  public void run() {
    for (int i = 0; i < scan.consts(); i++) {
      body.input(i, operands[i].address());
    }
    carry.start(scan.length());
    for (long step = 0; step < scan.length(); step++) {
      long slice = scan.reverse() ? scan.length() - 1 - step : step;
      for (int i = scan.consts() + scan.carries(); i < operands.length; i++) {
        body.input(i, operands[i].address() + slice * operandSlices[i]);
      }
      for (int i = 0; i < stacked.length; i++) {
        body.output(scan.carries() + i, stacked[i].address() + slice * stackedSlices[i]);
      }
      carry.bind();
      body.run();
      carry.advance();
    }
    carry.finish();
  }
}
