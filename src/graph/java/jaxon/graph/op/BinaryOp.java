package jaxon.graph.op;

import java.util.Locale;

/// Elementwise functions of two tensors of one type; the result has that type.
public enum BinaryOp implements Op {
  ADD,
  /// Logical on `i1`, bitwise on integers.
  AND,
  DIVIDE,
  MAXIMUM,
  MINIMUM,
  MULTIPLY,
  /// Logical on `i1`, bitwise on integers.
  OR,
  POWER,
  /// Sign of the dividend.
  REMAINDER,
  /// A shift by the width or more gives 0.
  SHIFT_LEFT,
  /// A shift by the width or more gives the sign in every bit.
  SHIFT_RIGHT_ARITHMETIC,
  /// A shift by the width or more gives 0.
  SHIFT_RIGHT_LOGICAL,
  SUBTRACT,
  /// Logical on `i1`, bitwise on integers.
  XOR;

  @Override
  public String opName() {
    return "stablehlo." + name().toLowerCase(Locale.ROOT);
  }
}
