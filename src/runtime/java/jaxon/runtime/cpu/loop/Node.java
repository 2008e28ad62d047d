package jaxon.runtime.cpu.loop;

import java.util.List;
import jaxon.graph.op.Op;
import jaxon.graph.type.DType;

/// A value at the current index of a loop. Identity is its name; equal values are one node.
///
/// @param id number in order of making: operands have smaller numbers
/// @param depth how many row reductions must have ended before it can be computed
record Node(int id, Form form, List<Node> operands, DType dtype, int depth) {
  Node {
    operands = List.copyOf(operands);
  }

  /// How a value comes about.
  sealed interface Form {}

  /// An element of an input, at an address in elements.
  record Read(int input, Affine address) implements Form {}

  /// A constant, as the double or (integers, `i1`) the long that it is.
  record Splat(double value, long bits) implements Form {}

  /// An iota: the index itself.
  record Index(Affine value) implements Form {}

  /// An elementwise op of the operands.
  record Apply(Op op) implements Form {}

  /// The result of row reduction `fold`, the same all over a row.
  record Folded(int fold) implements Form {}

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return "v" + id + " = " + form + " : " + dtype;
  }
}
