package jaxon.graph.trace;

import java.util.Arrays;
import java.util.stream.Collectors;
import jaxon.graph.SourceLine;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;

/// The one broadcasting rule of elementwise operations: scalars and dims of size 1 repeat.
final class Broadcasting {
  private Broadcasting() {}

  /// The common shape of `operands`; throws when ranks differ (scalars aside) or sizes do not
  /// match.
  static Shape common(String what, Array... operands) {
    Shape common = Shape.SCALAR;
    for (Array operand : operands) {
      Shape shape = operand.shape();
      if (shape.rank() == 0 || shape.equals(common)) {
        continue;
      }
      common = common.rank() == 0 ? shape : merge(what, common, shape, operands);
    }
    return common;
  }

  private static Shape merge(String what, Shape a, Shape b, Array... operands) {
    boolean fits = a.rank() == b.rank();
    long[] sizes = new long[a.rank()];
    for (int i = 0; fits && i < sizes.length; i++) {
      fits = a.dim(i) == b.dim(i) || a.dim(i) == 1 || b.dim(i) == 1;
      sizes[i] = a.dim(i) == 1 ? b.dim(i) : a.dim(i);
    }
    if (!fits) {
      String types =
          Arrays.stream(operands).map(o -> o.type().toString()).collect(Collectors.joining(", "));
      throw new ShapeException(
          what
              + ": shapes must be equal, scalar, or of one rank with dims of size 1 where they differ;"
              + " use broadcastTo or expandDims; got ("
              + types
              + ") (at "
              + SourceLine.ofCaller()
              + ")");
    }
    return Shape.of(sizes);
  }

  static Array to(Array operand, Shape shape) {
    return operand.broadcastTo(shape);
  }
}
