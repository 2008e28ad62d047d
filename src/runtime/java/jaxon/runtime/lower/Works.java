package jaxon.runtime.lower;

import jaxon.graph.Equation;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.View;

/// What the profiler is told of an equation's actions.
final class Works {
  private Works() {}

  /// The work of one of the actions that `equation` was lowered to; the last one does what the
  /// equation says, those before it prepare its operands.
  static KernelWork of(Equation equation, Action action, boolean isLast) {
    // A loop may have no result left.
    TensorType type =
        equation.outputs().isEmpty()
            ? TensorType.of(DType.I1)
            : equation.outputs().getFirst().type();
    String name = name(equation.op()) + " " + type;
    long reads = action.reads().stream().mapToLong(Works::bytes).sum();
    if (!isLast) {
      return new KernelWork("prepare " + name, type.dtype(), 0, 2 * reads);
    }
    return switch (equation.op()) {
      // Loops and branches are containers: their kernels are events of their own.
      case ControlOp.Scan _, ControlOp.While _, ControlOp.Case _ ->
          new KernelWork(name, type.dtype(), 0, 0);
      case ContractOp.DotGeneral dot ->
          new KernelWork(
              name, operandType(equation, type), flops(equation, dot), reads + results(equation));
      default -> new KernelWork(name, operandType(equation, type), 0, reads + results(equation));
    };
  }

  /// Products run at the rate of what they multiply, whatever they sum it in.
  private static DType operandType(Equation equation, TensorType result) {
    return equation.inputs().isEmpty()
        ? result.dtype()
        : equation.inputs().getFirst().type().dtype();
  }

  /// The work of a collective; its bytes are those that one device must at least send.
  static KernelWork ofTransfer(CollectiveOp op, TensorType operand, TensorType result) {
    int n = op.group().size();
    long larger = Math.max(operand.bytes(), result.bytes());
    long passes = op instanceof CollectiveOp.AllReduce ? 2 : 1;
    return KernelWork.waiting(
        name(op) + " " + op.group() + " " + result, operand.dtype(), passes * (n - 1) * larger / n);
  }

  /// The work of copying a tensor.
  static KernelWork ofCopy(TensorType type) {
    return new KernelWork("copy " + type, type.dtype(), 0, 2 * type.bytes());
  }

  private static String name(Op op) {
    String name = op instanceof ControlOp.Composite composite ? composite.name() : op.opName();
    return name.substring(name.indexOf('.') + 1);
  }

  /// A multiply-add is two operations.
  private static long flops(Equation equation, ContractOp.DotGeneral dot) {
    TensorType lhs = equation.inputs().getFirst().type();
    long contracted = 1;
    for (int dim : dot.lhsContract()) {
      contracted *= lhs.shape().dim(dim);
    }
    return 2 * contracted * equation.output().type().shape().elements();
  }

  /// A repeated value is read once.
  private static long bytes(View view) {
    return Math.min(view.type().bytes(), view.slot().type().bytes());
  }

  private static long results(Equation equation) {
    return equation.outputs().stream().mapToLong(output -> output.type().bytes()).sum();
  }
}
