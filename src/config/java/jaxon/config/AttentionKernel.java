package jaxon.config;

/// How attention is computed.
public enum AttentionKernel implements YamlNamed {
  /// The backend chooses.
  AUTOSELECTED,
  /// Plain matmul, softmax, matmul.
  DOT_PRODUCT
}
