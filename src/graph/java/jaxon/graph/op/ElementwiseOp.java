package jaxon.graph.op;

import jaxon.graph.type.DType;

/// Elementwise operations with attributes or mixed operand types.
public sealed interface ElementwiseOp extends Op {
  /// `(T, T) -> i1`; comparisons with NaN are false, but for `NE`. Floats compare by value, not
  /// total order.
  record Compare(Direction direction) implements ElementwiseOp {
    @Override
    public String opName() {
      return "stablehlo.compare";
    }
  }

  /// `(pred: i1, onTrue: T, onFalse: T) -> T`, all of one shape.
  record Select() implements ElementwiseOp {
    @Override
    public String opName() {
      return "stablehlo.select";
    }
  }

  /// `(min: T, operand: T, max: T) -> T` = minimum(maximum(operand, min), max), all of one shape.
  record Clamp() implements ElementwiseOp {
    @Override
    public String opName() {
      return "stablehlo.clamp";
    }
  }

  /// Value conversion: floats round to nearest even, float to integer truncates, anything to `i1`
  /// is `!= 0`.
  record Convert(DType dtype) implements ElementwiseOp {
    @Override
    public String opName() {
      return "stablehlo.convert";
    }
  }

  /// Reinterprets the bits as another type of the same width.
  record BitcastConvert(DType dtype) implements ElementwiseOp {
    @Override
    public String opName() {
      return "stablehlo.bitcast_convert";
    }
  }

  /// The relations of [Compare].
  enum Direction {
    EQ,
    NE,
    GE,
    GT,
    LE,
    LT
  }
}
