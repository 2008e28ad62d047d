package jaxon.reference;

/// `y[n, o] = Σ_i x[n, i] · w[o, i]` and its derivatives.
final class Dense {
  private Dense() {}

  static double[] apply(double[] x, double[] w, int in, int out) {
    int rows = x.length / in;
    double[] y = new double[rows * out];
    for (int n = 0; n < rows; n++) {
      for (int o = 0; o < out; o++) {
        double sum = 0;
        for (int i = 0; i < in; i++) {
          sum += x[n * in + i] * w[o * in + i];
        }
        y[n * out + o] = sum;
      }
    }
    return y;
  }

  /// `dx[n, i] = Σ_o dy[n, o] · w[o, i]`.
  static double[] inputGradient(double[] dy, double[] w, int in, int out) {
    int rows = dy.length / out;
    double[] dx = new double[rows * in];
    for (int n = 0; n < rows; n++) {
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          dx[n * in + i] += dy[n * out + o] * w[o * in + i];
        }
      }
    }
    return dx;
  }

  /// `dw[o, i] = Σ_n dy[n, o] · x[n, i]`.
  static double[] weightGradient(double[] x, double[] dy, int in, int out) {
    int rows = dy.length / out;
    double[] dw = new double[out * in];
    for (int n = 0; n < rows; n++) {
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          dw[o * in + i] += dy[n * out + o] * x[n * in + i];
        }
      }
    }
    return dw;
  }

  static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
