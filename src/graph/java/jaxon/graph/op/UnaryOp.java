package jaxon.graph.op;

import java.util.Locale;

/// Elementwise functions of one tensor; the result has the operand's type unless noted.
public enum UnaryOp implements Op {
  ABS,
  CEIL,
  COSINE,
  /// The error function, from the CHLO dialect.
  ERF,
  EXPONENTIAL,
  EXPONENTIAL_MINUS_ONE,
  FLOOR,
  /// Float to `i1`.
  IS_FINITE,
  LOG,
  LOG_PLUS_ONE,
  LOGISTIC,
  NEGATE,
  /// Logical on `i1`, bitwise on integers.
  NOT,
  ROUND_NEAREST_EVEN,
  RSQRT,
  SIGN,
  SINE,
  SQRT,
  TANH;

  @Override
  public String opName() {
    return (this == ERF ? "chlo." : "stablehlo.") + name().toLowerCase(Locale.ROOT);
  }
}
