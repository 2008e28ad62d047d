package jaxon.config;

/// The optimizers.
public enum OptType implements YamlNamed {
  /// Adam with decoupled weight decay.
  ADAMW,
  /// Stochastic gradient descent, without momentum.
  SGD
}
