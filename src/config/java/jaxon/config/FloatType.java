package jaxon.config;

/// The floating-point types that weights, gradients and activations can have.
public enum FloatType implements YamlNamed {
  FLOAT32,
  BFLOAT16,
  FLOAT64
}
