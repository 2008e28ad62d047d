package jaxon.runtime.program;

import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.MemoryPool;
import org.jspecify.annotations.Nullable;

/// A dense tensor in a block of a backend's memory, which is the host's.
public final class HostBuffer implements Buffer {
  private final TensorType type;
  private final Device device;
  private final MemoryPool pool;
  private MemoryPool.@Nullable Block block;

  HostBuffer(TensorType type, Device device, MemoryPool pool, MemoryPool.Block block) {
    this.type = type;
    this.device = device;
    this.pool = pool;
    this.block = block;
  }

  /// A buffer of memory from `pool` that holds `value`.
  public static HostBuffer of(Literal value, Device device, MemoryPool pool) {
    MemoryPool.Block block = pool.take(value.type().bytes());
    HostMemory.write(value.toStorage(), block.address());
    return new HostBuffer(value.type(), device, pool, block);
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public Device device() {
    return device;
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

  /// The address of the first element; valid until the buffer is closed.
  public synchronized long address() {
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
