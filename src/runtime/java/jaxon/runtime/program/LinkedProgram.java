package jaxon.runtime.program;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.profile.Profiler;

/// A plan with memory: bind the addresses of inputs and outputs, then run.
public final class LinkedProgram {
  private final Plan plan;
  private final Kernel[] kernels;
  private final KernelWork[] works;
  private final Anchor[] inputs;
  private final Anchor[] outputs;
  private final Tensor[] results;
  private final Map<Transfer.Link, Transfer> transfers;
  private final Transfer[] late;

  /// Bytes of the outputs that must be copied at the end; 0 for the others.
  private final long[] copiedBytes;

  /// @param works what the profiler is told of each kernel
  /// @param results where the program leaves each output, before those are copied that must be
  /// @param transfers its collectives
  LinkedProgram(
      Plan plan,
      List<Kernel> kernels,
      List<KernelWork> works,
      List<Anchor> inputs,
      List<Anchor> outputs,
      List<Tensor> results,
      Map<Transfer.Link, Transfer> transfers) {
    this.plan = plan;
    this.kernels = kernels.toArray(Kernel[]::new);
    this.works = works.toArray(KernelWork[]::new);
    this.inputs = inputs.toArray(Anchor[]::new);
    this.outputs = outputs.toArray(Anchor[]::new);
    this.results = results.toArray(Tensor[]::new);
    this.transfers = transfers;
    this.late = plan.late().stream().map(this::transfer).toArray(Transfer[]::new);
    this.copiedBytes = new long[outputs.size()];
    for (int i = 0; i < copiedBytes.length; i++) {
      boolean copied = plan.memory().mustCopyOutput(i);
      copiedBytes[i] = copied ? plan.type().outputs().get(i).bytes() : 0;
    }
  }

  Plan plan() {
    return plan;
  }

  /// Says where input `index` is in the next run.
  void input(int index, long address) {
    inputs[index].moveTo(address);
  }

  /// Says where output `index` goes in the next run, if [Plan#needsPlace].
  void output(int index, long address) {
    outputs[index].moveTo(address);
  }

  /// The transfer of one of the program's collectives.
  Transfer transfer(Transfer.Link link) {
    return Objects.requireNonNull(transfers.get(link), "a collective of another program");
  }

  /// Waits for the collectives that a run may leave under way.
  void finishLate() {
    for (Transfer transfer : late) {
      transfer.finish();
    }
  }

  /// After a failure: waits until no collective uses the memory of this program.
  void abandon() {
    transfers.values().forEach(Transfer::abandon);
  }

  void run() {
    try {
      runKernels();
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  private void runKernels() {
    Profiler profiler = Profiler.recording();
    if (profiler == null) {
      for (Kernel kernel : kernels) {
        kernel.run();
      }
    } else {
      runRecorded(profiler);
    }
    for (int i = 0; i < outputs.length; i++) {
      if (copiedBytes[i] > 0) {
        HostMemory.copy(results[i].address(), outputs[i].address(), copiedBytes[i]);
      }
    }
  }

  private void runRecorded(Profiler profiler) {
    for (int i = 0; i < kernels.length; i++) {
      profiler.begin(works[i]);
      long start = System.nanoTime();
      kernels[i].run();
      profiler.record(0, works[i], start);
    }
  }

  /// Where output `index` is after a run.
  long resultAddress(int index) {
    return plan.memory().mustCopyOutput(index)
        ? outputs[index].address()
        : results[index].address();
  }
}
