package jaxon.runtime.lower;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.View;

/// What an engine brings along: how it computes the ops on whose speed its own depends. Everything
/// else, views, copies, indices and control flow, is lowered alike for all engines.
///
/// Tensors without elements never come here.
public interface OpLowerings {
  /// The result of elementwise `op`, which is no bitcast and no conversion to the same dtype.
  ///
  /// @param operands views of the result's shape; no dim is repeated by all of them
  View elementwise(Lowering lowering, Op op, List<View> operands, TensorType type);

  /// The fold of `x` over `reduce.dims()`, of which there is one at least.
  ///
  /// @param kept the other dims; none of them repeats elements
  View reduce(
      Lowering lowering, ReduceOp.Reduce reduce, View x, List<Integer> kept, TensorType type);

  /// The result of `dot`, whose operands have elements too.
  View dot(Lowering lowering, Equation equation, DotGeneral dot, List<View> operands);

  /// Lowers `composite` and defines its results, or gives false to have its region lowered op by
  /// op.
  boolean composite(Lowering lowering, Equation equation, ControlOp.Composite composite);
}
