package jaxon.config;

/// How the profiler writes what it recorded.
public enum ProfilerType implements YamlNamed {
  /// A Chrome trace: one JSON file, for <https://ui.perfetto.dev> and `chrome://tracing`.
  TRACE
}
