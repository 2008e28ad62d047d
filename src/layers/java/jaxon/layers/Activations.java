package jaxon.layers;

import jaxon.config.Activation;
import jaxon.graph.trace.Array;

/// The elementwise functions of the MLP, in the type of their input.
final class Activations {
  private Activations() {}

  static Array apply(Activation activation, Array x) {
    return switch (activation) {
      case SILU -> x.mul(x.logistic());
      case GELU -> gelu(x);
      case RELU -> x.max(0);
      case LINEAR -> x;
    };
  }

  /// GELU by tanh (Hendrycks and Gimpel, 2016, section 2).
  private static Array gelu(Array x) {
    Array cubic = x.add(x.mul(x).mul(x).mul(0.044715));
    return x.mul(0.5).mul(cubic.mul(Math.sqrt(2 / Math.PI)).tanh().add(1));
  }
}
