package jaxon.config;

/// Which positions a query attends to.
public enum AttentionType implements YamlNamed {
  /// All positions up to its own.
  GLOBAL
}
