package jaxon.graph;

import jaxon.graph.type.TensorType;

/// A value of a graph, defined once: by an equation or as a graph input. Identity is its name.
public final class Var {
  private final TensorType type;

  public Var(TensorType type) {
    this.type = type;
  }

  public TensorType type() {
    return type;
  }

  @Override
  public String toString() {
    return "%" + Integer.toHexString(System.identityHashCode(this)) + ": " + type;
  }
}
