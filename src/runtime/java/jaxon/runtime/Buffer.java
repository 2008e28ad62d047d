package jaxon.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.HostMemory;

/// A tensor on a device. The holder owns it and closes it; a donated buffer is closed by the
/// execution.
public interface Buffer extends AutoCloseable {
  TensorType type();

  Device device();

  /// Copies the value to the host, waiting for it if it is still being computed.
  Literal toLiteral();

  /// Calls `reader` with the value's bytes on the host, dense and row-major, elements in the
  /// machine's byte order; they are valid until it returns.
  default void read(Consumer<MemorySegment> reader) {
    reader.accept(HostMemory.segment(toLiteral().toStorage()));
  }

  /// The blocks of the tensor that are this process's to keep: all processes together have each
  /// element once.
  ///
  /// @param turn of several devices that hold the same block, which one keeps it, counted around
  default List<BufferBlock> blocks(int turn) {
    return List.of(new BufferBlock(Collections.nCopies(type().shape().rank(), 0L), this));
  }

  /// True after [#close] or donation; every other use is then an error.
  boolean isClosed();

  /// Releases the memory; closing twice does nothing.
  @Override
  void close();
}
