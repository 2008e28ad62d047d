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
  private final LoopFetches fetches;
  private final long[] ahead;

  /// @param operands constants, initial carries and scanned operands
  /// @param stacked the results after the carries
  /// @param fetchPlaces addresses of the slots of [#places]
  public ScanKernel(
      ControlOp.Scan scan,
      LinkedProgram body,
      LoopCarry carry,
      List<Tensor> operands,
      List<Tensor> stacked,
      long[] fetchPlaces) {
    this.scan = scan;
    this.body = body;
    this.carry = carry;
    this.operands = operands.toArray(Tensor[]::new);
    this.stacked = stacked.toArray(Tensor[]::new);
    this.operandSlices = sliceBytes(operands);
    this.stackedSlices = sliceBytes(stacked);
    this.fetches = new LoopFetches(body, fetchPlaces);
    this.ahead = new long[operands.size()];
  }

  /// Scratch memory for what a loop over `body` fetches ahead.
  public static List<Slot> places(Plan body) {
    return LoopFetches.places(body);
  }

  private long[] sliceBytes(List<Tensor> tensors) {
    long length = Math.max(1, scan.length());
    return tensors.stream().mapToLong(tensor -> tensor.view().type().bytes() / length).toArray();
  }

  @Override
  public void run() {
    try {
      loop();
      body.finishLate();
    } catch (RuntimeException | Error e) {
      body.abandon();
      throw e;
    }
  }

  private void loop() {
    for (int i = 0; i < scan.consts(); i++) {
      body.input(i, operands[i].address());
    }
    carry.start(scan.length());
    fetch(0);
    for (long step = 0; step < scan.length(); step++) {
      fetch(step + 1);
      fetches.bind(step);
      long slice = slice(step);
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

  private long slice(long step) {
    return scan.reverse() ? scan.length() - 1 - step : step;
  }

  /// Starts what is fetched for a turn of the loop.
  private void fetch(long step) {
    if (fetches.isEmpty() || step == scan.length()) {
      return;
    }
    for (int i = scan.consts() + scan.carries(); i < operands.length; i++) {
      ahead[i] = operands[i].address() + slice(step) * operandSlices[i];
    }
    fetches.start(step, ahead);
  }
}
