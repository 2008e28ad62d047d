package jaxon.reference;

/// Rotary position embedding in Hugging Face's half-split form (Su et al., 2021): elements `i` and
/// `i + headDim/2` of a head turn by `position · frequency_i`.
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Rotary(int heads, int headDim, double[] frequencies, int[] positions) {
  double[] forward(double[] x) {
    return turn(x, 1);
  }

  /// A rotation's transpose is the rotation back.
  double[] inputGradient(double[] dy) {
    return turn(dy, -1);
  }

  private double[] turn(double[] x, int direction) {
    double[] y = new double[x.length];
    int half = headDim / 2;
    for (int n = 0; n < positions.length; n++) {
      for (int h = 0; h < heads; h++) {
        int head = (n * heads + h) * headDim;
        for (int i = 0; i < half; i++) {
          double angle = direction * positions[n] * frequencies[i];
          double first = x[head + i];
          double second = x[head + i + half];
          y[head + i] = first * Math.cos(angle) - second * Math.sin(angle);
          y[head + i + half] = second * Math.cos(angle) + first * Math.sin(angle);
        }
      }
    }
    return y;
  }
}
