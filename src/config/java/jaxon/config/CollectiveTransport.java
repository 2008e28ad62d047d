package jaxon.config;

/// How collectives travel between processes.
public enum CollectiveTransport implements YamlNamed {
  /// Shared memory where all processes are on one host, the network otherwise.
  AUTO,
  /// Shared memory of one host.
  IPC,
  /// The network.
  UDP
}
