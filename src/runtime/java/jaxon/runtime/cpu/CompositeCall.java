package jaxon.runtime.cpu;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Layout;

/// A composite for which a kernel is wanted.
///
/// @param equation the composite with its region, which says what it computes
/// @param operands how the kernel will find its operands; any of them may be strided
/// @param results what it must write, dense and row-major
/// @param workers the threads it will run on
/// @param program the name of the program that it is for
public record CompositeCall(
    Equation equation,
    ControlOp.Composite composite,
    List<Layout> operands,
    List<TensorType> results,
    WorkerPool workers,
    String program,
    CompileOptions options) {
  public CompositeCall {
    operands = List.copyOf(operands);
    results = List.copyOf(results);
  }
}
