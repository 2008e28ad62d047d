package jaxon.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.InPlace;
import jaxon.runtime.program.Layout;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.View;

/// Composites that have a kernel, as one action each.
///
/// @param program the name of the program that is lowered
record CompositeLowering(
    CompositeKernels kernels, WorkerPool workers, String program, CompileOptions options) {
  /// Lowers `composite` and gives true, or gives false when no kernel does it.
  boolean lower(Lowering lowering, Equation equation, ControlOp.Composite composite) {
    List<View> reads = lowering.operands(equation);
    List<TensorType> types = equation.outputs().stream().map(Var::type).toList();
    boolean isEmpty =
        reads.stream().anyMatch(read -> read.elements() == 0)
            || types.stream().anyMatch(type -> type.shape().elements() == 0);
    if (isEmpty || !kernels.has(composite.name())) {
      return false;
    }
    List<Layout> layouts = reads.stream().map(View::layout).toList();
    Optional<HostKernel> kernel =
        kernels.prepare(
            new CompositeCall(equation, composite, layouts, types, workers, program, options));
    kernel.ifPresent(found -> emit(lowering, equation, found, reads));
    return kernel.isPresent();
  }

  private static void emit(
      Lowering lowering, Equation equation, HostKernel kernel, List<View> reads) {
    Slot scratch = new Slot(kernel.scratchBytes());
    List<View> results = new ArrayList<>();
    List<Action.Write> writes = new ArrayList<>();
    for (Var output : equation.outputs()) {
      View result = lowering.fresh(output.type());
      lowering.define(output, result);
      writes.add(new Action.Write(result.slot(), over(kernel, reads, result, results.size())));
      results.add(result);
    }
    writes.add(Action.Write.fresh(scratch));
    lowering.emit(
        new Action(
            reads,
            writes,
            linkage -> {
              linkage.own(kernel);
              linkage.needsPerWorker(kernel.workerBytes());
              return new HostKernelRun(
                  kernel,
                  linkage.tensors(reads),
                  linkage.tensors(results),
                  linkage.tensor(View.dense(scratch, scratch.type())),
                  linkage.workers());
            }));
  }

  /// The operands that result `index` may be put over.
  private static List<Integer> over(HostKernel kernel, List<View> reads, View result, int index) {
    return InPlace.of(reads, result).stream()
        .filter(operand -> kernel.mayOverwrite(operand, index))
        .toList();
  }
}
