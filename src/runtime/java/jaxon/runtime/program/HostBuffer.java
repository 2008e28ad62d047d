package jaxon.runtime.program;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.MemoryPool;
import org.jspecify.annotations.Nullable;

/// A dense tensor in a block of a backend's memory, which is the host's.
public final class HostBuffer implements Buffer {
  private final TensorType type;
  private final Device device;
  private final MemoryPool pool;
  private @Nullable HostBlock block;

  HostBuffer(TensorType type, Device device, MemoryPool pool, HostBlock block) {
    this.type = type;
    this.device = device;
    this.pool = pool;
    this.block = block;
  }

  /// A buffer of memory from `pool` that holds `value`.
  public static HostBuffer of(Literal value, Device device, MemoryPool pool) {
    HostBlock block = pool.take(value.type().bytes());
    HostMemory.write(value.toStorage(), block.address());
    return new HostBuffer(value.type(), device, pool, block);
  }

  /// A buffer of memory from `pool` that `fill` fills.
  public static HostBuffer of(
      TensorType type, Device device, MemoryPool pool, Consumer<MemorySegment> fill) {
    HostBlock block = pool.take(type.bytes());
    try {
      fill.accept(HostMemory.segment(block.address(), type.bytes()));
    } catch (RuntimeException | Error e) {
      pool.give(block);
      throw e;
    }
    return new HostBuffer(type, device, pool, block);
  }

  @Override
  public synchronized void read(Consumer<MemorySegment> reader) {
    reader.accept(HostMemory.segment(open().address(), type.bytes()));
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
  synchronized HostBlock release() {
    HostBlock released = open();
    block = null;
    return released;
  }

  private HostBlock open() {
    if (block == null) {
      throw new IllegalStateException(
          "a buffer of type " + type + " is closed: it was released, or donated to an execution");
    }
    return block;
  }
}
