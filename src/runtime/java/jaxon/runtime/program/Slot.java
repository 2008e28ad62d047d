package jaxon.runtime.program;

import jaxon.graph.Var;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;

/// A piece of memory of a program before its address is known; views look into it.
///
/// A slot is an object of identity: two slots of one size are two places, unless the memory plan
/// finds that one can take over the other's place.
public final class Slot {
  private final Var key;

  public Slot(long bytes) {
    this.key = new Var(TensorType.of(DType.UI8, bytes));
  }

  public long bytes() {
    return key.type().bytes();
  }

  /// The slot as a row of bytes.
  TensorType type() {
    return key.type();
  }

  /// The value that stands for this slot in the memory plan.
  public Var key() {
    return key;
  }
}
