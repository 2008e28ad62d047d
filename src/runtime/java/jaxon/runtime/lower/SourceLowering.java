package jaxon.runtime.lower;

import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.SourceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.View;

/// Constants and iota: values that are in memory before the first run.
final class SourceLowering {
  private SourceLowering() {}

  static void lower(Lowering lowering, Equation equation, SourceOp op) {
    View view =
        switch (op) {
          case SourceOp.Constant constant -> constant(lowering, constant.value());
          case SourceOp.Iota iota -> iota(lowering, iota);
        };
    lowering.define(equation.output(), view);
  }

  private static View constant(Lowering lowering, Literal value) {
    TensorType type = value.type();
    if (!value.isSplat() || type.shape().rank() == 0) {
      return lowering.constant(value);
    }
    Literal scalar =
        type.dtype().isFloat()
            ? Literal.splat(TensorType.of(type.dtype()), value.get(0))
            : Literal.generateLongs(TensorType.of(type.dtype()), _ -> value.getLong(0));
    return lowering.constant(scalar).broadcast(type.shape(), List.of());
  }

  /// One row of numbers, repeated along the other dims.
  private static View iota(Lowering lowering, SourceOp.Iota iota) {
    DType dtype = iota.type().dtype();
    TensorType row = TensorType.of(dtype, iota.type().shape().dim(iota.dim()));
    Literal numbers =
        dtype.isFloat()
            ? Literal.generate(row, i -> i)
            : Literal.generateLongs(row, dtype == DType.I1 ? i -> i != 0 ? 1 : 0 : i -> i);
    return lowering.constant(numbers).broadcast(iota.type().shape(), List.of(iota.dim()));
  }
}
