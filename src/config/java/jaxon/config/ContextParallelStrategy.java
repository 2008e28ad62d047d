package jaxon.config;

/// How attention works on a sequence that is cut over devices.
public enum ContextParallelStrategy implements YamlNamed {
  /// Every device gets all keys and values.
  ALL_GATHER,
  /// Blocks of keys and values go around.
  RING,
  /// Sequences are exchanged for heads.
  ULYSSES
}
