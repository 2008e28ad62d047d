package jaxon.runtime.interpreter;

import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import org.jspecify.annotations.Nullable;

/// A buffer that holds a [Literal] until it is closed.
final class LiteralBuffer implements Buffer {
  private final TensorType type;
  private final Device device;
  private volatile @Nullable Literal value;

  LiteralBuffer(Literal value, Device device) {
    this.type = value.type();
    this.device = device;
    this.value = value;
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
  public Literal toLiteral() {
    Literal held = value;
    if (held == null) {
      throw new IllegalStateException(
          "a buffer of type " + type + " is read after it was closed or donated");
    }
    return held;
  }

  @Override
  public boolean isClosed() {
    return value == null;
  }

  @Override
  public void close() {
    value = null;
  }
}
