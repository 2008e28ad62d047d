package jaxon.config;

/// What remat_policy=custom does with one named tensor.
public enum TensorPlacement implements YamlNamed {
  /// Kept in device memory from the forward to the backward pass.
  DEVICE,
  /// Computed again in the backward pass.
  REMAT
}
