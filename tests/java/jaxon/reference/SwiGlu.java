package jaxon.reference;

/// `silu(gate) · up` with `silu(g) = g · σ(g)` (Shazeer, 2020).
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SwiGlu(double[] gate, double[] up, double[] y) {
  static SwiGlu forward(double[] gate, double[] up) {
    double[] y = new double[gate.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = gate[i] * sigmoid(gate[i]) * up[i];
    }
    return new SwiGlu(gate, up, y);
  }

  /// `silu'(g) = σ(g) (1 + g (1 − σ(g)))`.
  double[] gateGradient(double[] dy) {
    double[] dGate = new double[dy.length];
    for (int i = 0; i < dy.length; i++) {
      double s = sigmoid(gate[i]);
      dGate[i] = dy[i] * up[i] * s * (1 + gate[i] * (1 - s));
    }
    return dGate;
  }

  double[] upGradient(double[] dy) {
    double[] dUp = new double[dy.length];
    for (int i = 0; i < dy.length; i++) {
      dUp[i] = dy[i] * gate[i] * sigmoid(gate[i]);
    }
    return dUp;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
