package jaxon.runtime;

import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// A tensor on a device. The holder owns it and closes it; a donated buffer is closed by the
/// execution.
public interface Buffer extends AutoCloseable {
  TensorType type();

  Device device();

  /// Copies the value to the host, waiting for it if it is still being computed.
  Literal toLiteral();

  /// True after [#close] or donation; every other use is then an error.
  boolean isClosed();

  /// Releases the memory; closing twice does nothing.
  @Override
  void close();
}
