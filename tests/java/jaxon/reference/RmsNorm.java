package jaxon.reference;

/// `y_i = x_i · r · w_i` with `r = 1 / √(mean(x²) + ε)` per row (Zhang and Sennrich, 2019).
///
/// @param x input rows
/// @param inverse `r` of each row
/// @param y output rows
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record RmsNorm(double[] x, double[] inverse, double[] y) {
  static RmsNorm forward(double[] x, double[] w, double epsilon) {
    int width = w.length;
    int rows = x.length / width;
    double[] inverse = new double[rows];
    double[] y = new double[x.length];
    for (int n = 0; n < rows; n++) {
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += x[n * width + i] * x[n * width + i];
      }
      inverse[n] = 1 / Math.sqrt(squares / width + epsilon);
      for (int i = 0; i < width; i++) {
        y[n * width + i] = x[n * width + i] * inverse[n] * w[i];
      }
    }
    return new RmsNorm(x, inverse, y);
  }

  /// `dx_i = r·w_i·dy_i − x_i · r³/width · Σ_j w_j·dy_j·x_j`.
  double[] inputGradient(double[] dy, double[] w) {
    int width = w.length;
    double[] dx = new double[x.length];
    for (int n = 0; n < inverse.length; n++) {
      double r = inverse[n];
      double dot = 0;
      for (int i = 0; i < width; i++) {
        dot += w[i] * dy[n * width + i] * x[n * width + i];
      }
      for (int i = 0; i < width; i++) {
        int at = n * width + i;
        dx[at] = r * w[i] * dy[at] - x[at] * r * r * r / width * dot;
      }
    }
    return dx;
  }

  /// `dw_i = Σ_n dy_i·x_i·r`.
  double[] weightGradient(double[] dy) {
    int width = x.length / inverse.length;
    double[] dw = new double[width];
    for (int at = 0; at < x.length; at++) {
      dw[at % width] += dy[at] * x[at] * inverse[at / width];
    }
    return dw;
  }
}
