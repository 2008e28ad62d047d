package jaxon.graph.trace;

import jaxon.graph.type.DType;

/// The inverse error function in float32, by the rational approximation that XLA uses.
///
/// Coefficients: M. Giles, "Approximating the erfinv function", GPU Computing Gems 2, 2010 (single
/// precision).
final class ErfInv {
  private static final double[] CENTRAL = {
    2.81022636e-08,
    3.43273939e-07,
    -3.5233877e-06,
    -4.39150654e-06,
    0.00021858087,
    -0.00125372503,
    -0.00417768164,
    0.246640727,
    1.50140941
  };
  private static final double[] TAIL = {
    -0.000200214257,
    0.000100950558,
    0.00134934322,
    -0.00367342844,
    0.00573950773,
    -0.0076224613,
    0.00943887047,
    1.00167406,
    2.83297682
  };

  private ErfInv() {}

  static Array apply(Array x) {
    Array w = x.neg().mul(x).log1p().neg();
    Array central = w.lt(Ops.full(w.type(), 5.0));
    Array t = central.select(w.sub(2.5), w.sqrt().sub(3.0));
    Array p = coefficient(central, 0);
    for (int i = 1; i < CENTRAL.length; i++) {
      p = coefficient(central, i).add(p.mul(t));
    }
    Array edge = x.abs().eq(Ops.full(x.type(), 1.0));
    return edge.select(x.mul(Ops.constant(DType.F32, Double.POSITIVE_INFINITY)), p.mul(x));
  }

  private static Array coefficient(Array central, int index) {
    Array inner = Ops.constant(DType.F32, CENTRAL[index]);
    return central.select(inner, Ops.constant(DType.F32, TAIL[index]));
  }
}
