package jaxon.runtime.cpu.loop;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.Layout;

/// What a loop costs, for the profiler and for cutting it into tasks.
final class Cost {
  private Cost() {}

  /// Bytes of memory read and written once each; what an input repeats counts once.
  static long bytes(List<Layout> inputs, List<TensorType> outputs) {
    long bytes = 0;
    for (Layout input : inputs) {
      long elements = 1;
      for (int dim = 0; dim < input.shape().rank(); dim++) {
        elements *= input.strides().get(dim) == 0 ? 1 : input.shape().dim(dim);
      }
      bytes += elements * input.dtype().bytes();
    }
    for (TensorType output : outputs) {
      bytes += output.bytes();
    }
    return bytes;
  }

  /// One per element and arithmetic op, whatever the op.
  static long flops(Graph region) {
    long flops = 0;
    for (Equation equation : region.equations()) {
      if (equation.op() instanceof ReduceOp) {
        flops += equation.inputs().getFirst().type().shape().elements();
      } else if (equation.op() instanceof UnaryOp || equation.op() instanceof BinaryOp) {
        flops += equation.output().type().shape().elements();
      }
    }
    return flops;
  }
}
