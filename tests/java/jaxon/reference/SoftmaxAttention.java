package jaxon.reference;

/// Grouped-query attention: query head `h` reads key head `h / (heads / kvHeads)`; a token sees the
/// tokens at or before it in its own segment.
///
/// @param probabilities `[token, head, key token of the row]`
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SoftmaxAttention(
    LlamaShape shape,
    TokenRows tokens,
    double[] q,
    double[] k,
    double[] v,
    double[] probabilities,
    double[] context) {
  /// The cotangents of queries, keys and values.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Gradients(double[] q, double[] k, double[] v) {}

  static SoftmaxAttention forward(
      LlamaShape shape, TokenRows tokens, double[] q, double[] k, double[] v) {
    SoftmaxAttention made =
        new SoftmaxAttention(
            shape,
            tokens,
            q,
            k,
            v,
            new double[tokens.size() * shape.heads() * tokens.length()],
            new double[q.length]);
    for (int n = 0; n < tokens.size(); n++) {
      for (int h = 0; h < shape.heads(); h++) {
        made.attend(n, h);
      }
    }
    return made;
  }

  private void attend(int n, int h) {
    int row = n / tokens.length() * tokens.length();
    int at = weights(n, h);
    double max = Double.NEGATIVE_INFINITY;
    for (int m = row; m <= n; m++) {
      if (sees(n, m)) {
        probabilities[at + m - row] = dot(q, query(n, h), k, key(m, h)) * scale();
        max = Math.max(max, probabilities[at + m - row]);
      }
    }
    double sum = 0;
    for (int m = row; m <= n; m++) {
      if (sees(n, m)) {
        probabilities[at + m - row] = Math.exp(probabilities[at + m - row] - max);
        sum += probabilities[at + m - row];
      }
    }
    for (int m = row; m <= n; m++) {
      probabilities[at + m - row] /= sum;
      for (int i = 0; i < shape.headDim(); i++) {
        context[query(n, h) + i] += probabilities[at + m - row] * v[key(m, h) + i];
      }
    }
  }

  Gradients backward(double[] dContext) {
    Gradients gradients =
        new Gradients(new double[q.length], new double[k.length], new double[v.length]);
    for (int n = 0; n < tokens.size(); n++) {
      for (int h = 0; h < shape.heads(); h++) {
        pull(n, h, dContext, gradients);
      }
    }
    return gradients;
  }

  /// With `p` the probabilities and `s` the scaled scores: `dp_m = dc·v_m`, `ds_m = p_m (dp_m − Σ_j
  /// p_j dp_j)`, `dq = scale Σ_m ds_m k_m`, `dk_m = scale ds_m q`, `dv_m = p_m dc`.
  private void pull(int n, int h, double[] dContext, Gradients gradients) {
    int row = n / tokens.length() * tokens.length();
    int at = weights(n, h);
    double mean = 0;
    for (int m = row; m <= n; m++) {
      mean += probabilities[at + m - row] * dot(dContext, query(n, h), v, key(m, h));
    }
    for (int m = row; m <= n; m++) {
      double p = probabilities[at + m - row];
      double ds = p * (dot(dContext, query(n, h), v, key(m, h)) - mean) * scale();
      for (int i = 0; i < shape.headDim(); i++) {
        gradients.q[query(n, h) + i] += ds * k[key(m, h) + i];
        gradients.k[key(m, h) + i] += ds * q[query(n, h) + i];
        gradients.v[key(m, h) + i] += p * dContext[query(n, h) + i];
      }
    }
  }

  private boolean sees(int n, int m) {
    return tokens.segments()[n] == tokens.segments()[m];
  }

  private double scale() {
    return 1 / Math.sqrt(shape.headDim());
  }

  private int weights(int n, int h) {
    return (n * shape.heads() + h) * tokens.length();
  }

  private int query(int n, int h) {
    return (n * shape.heads() + h) * shape.headDim();
  }

  private int key(int m, int h) {
    int group = shape.heads() / shape.kvHeads();
    return (m * shape.kvHeads() + h / group) * shape.headDim();
  }

  private double dot(double[] a, int fromA, double[] b, int fromB) {
    double sum = 0;
    for (int i = 0; i < shape.headDim(); i++) {
      sum += a[fromA + i] * b[fromB + i];
    }
    return sum;
  }
}
