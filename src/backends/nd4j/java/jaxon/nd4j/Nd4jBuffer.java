package jaxon.nd4j;

import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import org.jspecify.annotations.Nullable;

/// A dense tensor in a block of the backend's memory.
final class Nd4jBuffer implements Buffer {
  private final TensorType type;
  private final MemoryPool pool;
  private MemoryPool.@Nullable Block block;

  Nd4jBuffer(TensorType type, MemoryPool pool, MemoryPool.Block block) {
    this.type = type;
    this.pool = pool;
    this.block = block;
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public Device device() {
    return Nd4jBackend.DEVICE;
  }

  @Override
  public synchronized Literal toLiteral() {
    return HostMemory.read(type, open().address());
  }

  @Override
  public synchronized boolean isClosed() {
    return block == null;
  }

  @Override
  public synchronized void close() {
    if (block != null) {
      pool.give(block);
      block = null;
    }
  }

  synchronized long address() {
    return open().address();
  }

  /// Closes the buffer without giving its memory back: the caller has it from now on.
  synchronized MemoryPool.Block release() {
    MemoryPool.Block released = open();
    block = null;
    return released;
  }

  private MemoryPool.Block open() {
    if (block == null) {
      throw new IllegalStateException(
          "a buffer of type " + type + " is closed: it was released, or donated to an execution");
    }
    return block;
  }
}
