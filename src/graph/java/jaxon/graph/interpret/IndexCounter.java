package jaxon.graph.interpret;

import jaxon.graph.type.Shape;

/// Counts through the multi-dimensional indices of a shape in row-major order.
///
/// `for (IndexCounter i = new IndexCounter(shape); i.inRange(); i.next()) { … }`
final class IndexCounter {
  private final long[] sizes;
  private final long[] at;
  private final int elements;
  private int flat;

  IndexCounter(Shape shape) {
    this.sizes = shape.toArray();
    this.at = new long[sizes.length];
    this.elements = Math.toIntExact(shape.elements());
  }

  boolean inRange() {
    return flat < elements;
  }

  void next() {
    flat++;
    for (int dim = at.length - 1; dim >= 0; dim--) {
      if (++at[dim] < sizes[dim]) {
        return;
      }
      at[dim] = 0;
    }
  }

  /// The row-major element number.
  int flat() {
    return flat;
  }

  /// The index along `dim`.
  long at(int dim) {
    return at[dim];
  }

  /// The sum of index times stride over all dims.
  int dot(long[] strides) {
    long sum = 0;
    for (int dim = 0; dim < at.length; dim++) {
      sum += at[dim] * strides[dim];
    }
    return (int) sum;
  }
}
