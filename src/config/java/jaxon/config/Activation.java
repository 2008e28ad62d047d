package jaxon.config;

/// One factor of the MLP's hidden layer; two or more are multiplied with each other.
public enum Activation implements YamlNamed {
  /// GELU with the tanh approximation.
  GELU,
  RELU,
  /// x · sigmoid(x), also called swish.
  SILU,
  /// x itself: the ungated factor of a gated MLP.
  LINEAR
}
