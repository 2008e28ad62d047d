package jaxon.xla;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import org.jspecify.annotations.Nullable;

/// A tensor in the runtime's memory, held by a handle.
final class XlaBuffer implements Buffer {
  private final TensorType type;
  private final TensorFlow tf;
  private final AtomicLong live;
  private @Nullable MemorySegment handle;

  /// Owns `handle`; counts itself in `live` until it is closed.
  XlaBuffer(TensorType type, TensorFlow tf, AtomicLong live, MemorySegment handle) {
    this.type = type;
    this.tf = tf;
    this.live = live;
    this.handle = handle;
    live.incrementAndGet();
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public Device device() {
    return XlaBackend.DEVICE;
  }

  @Override
  public synchronized Literal toLiteral() {
    return tf.download(handle(), type);
  }

  @Override
  public synchronized boolean isClosed() {
    return handle == null;
  }

  @Override
  public synchronized void close() {
    if (handle != null) {
      tf.release(handle);
      handle = null;
      live.decrementAndGet();
    }
  }

  synchronized MemorySegment handle() {
    if (handle == null) {
      throw new IllegalStateException(
          "a buffer of type " + type + " is closed: it was released, or donated to an execution");
    }
    return handle;
  }
}
