package jaxon.runtime.pass.fuse;

import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;

/// What an equation is to a loop.
enum Kind {
  /// Computes each element from elements at the same place.
  COMPUTE,
  /// Puts parts side by side along the last dim.
  PIECES,
  /// Folds the trailing dims, the leading dims or all dims.
  REDUCE,
  /// Reads other places of its operand; costs nothing.
  VIEW,
  /// A value that needs no memory: a splat or an iota.
  SOURCE,
  /// Stays outside loops.
  OTHER;

  static Kind of(Equation equation) {
    if (isEmpty(equation)) {
      return OTHER;
    }
    Op op = equation.op();
    return switch (op) {
      case UnaryOp _, BinaryOp _, ElementwiseOp _ -> COMPUTE;
      case SourceOp.Iota _ -> SOURCE;
      case SourceOp.Constant constant -> constant.value().isSplat() ? SOURCE : OTHER;
      case ShapeOp.BroadcastInDim _, ShapeOp.Reshape _, ShapeOp.Transpose _ -> VIEW;
      case ShapeOp.Slice _, ShapeOp.Reverse _ -> VIEW;
      case ShapeOp.Concatenate(int dim) -> dim == lastDim(equation) ? PIECES : OTHER;
      case ShapeOp.Pad pad -> padsLastDimOnly(pad) ? PIECES : OTHER;
      case ReduceOp.Reduce reduce ->
          ReducedDims.of(reduce, equation.inputs().getFirst().type().shape())
                  == ReducedDims.SCATTERED
              ? OTHER
              : REDUCE;
      case IndexOp _, ContractOp _, ControlOp _, AnnotationOp _, CollectiveOp _ -> OTHER;
    };
  }

  /// True for what a loop is made of, other than views and sources.
  boolean isWork() {
    return this == COMPUTE || this == PIECES || this == REDUCE;
  }

  private static boolean isEmpty(Equation equation) {
    for (Var input : equation.inputs()) {
      if (input.type().shape().elements() == 0) {
        return true;
      }
    }
    return equation.outputs().stream().anyMatch(out -> out.type().shape().elements() == 0);
  }

  private static int lastDim(Equation equation) {
    return equation.output().type().shape().rank() - 1;
  }

  private static boolean padsLastDimOnly(ShapeOp.Pad pad) {
    int last = pad.low().size() - 1;
    for (int i = 0; i < last; i++) {
      if (pad.low().get(i) != 0 || pad.high().get(i) != 0 || pad.interior().get(i) != 0) {
        return false;
      }
    }
    return last >= 0
        && pad.low().get(last) >= 0
        && pad.high().get(last) >= 0
        && pad.interior().get(last) == 0;
  }
}
