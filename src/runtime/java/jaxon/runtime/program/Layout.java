package jaxon.runtime.program;

import java.util.Arrays;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// How a tensor lies in memory, seen from its first element: element `(i, j, …)` is `i·strides[0] +
/// j·strides[1] + …` elements further.
///
/// @param strides in elements of `dtype`, one per dim; 0 repeats an element, a negative stride
///   walks backwards
public record Layout(DType dtype, Shape shape, List<Long> strides) {
  public Layout {
    strides = List.copyOf(strides);
    if (strides.size() != shape.rank()) {
      throw new IllegalArgumentException(
          "a layout of shape " + shape + " has " + shape.rank() + " strides, got " + strides);
    }
  }

  /// Dense and row-major.
  public static Layout dense(DType dtype, Shape shape) {
    return new Layout(dtype, shape, rowMajor(shape));
  }

  private static List<Long> rowMajor(Shape shape) {
    return Arrays.stream(shape.strides()).boxed().toList();
  }
}
