package jaxon.trainer.optim;

import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// A small tree of parameters for tests: six numbers.
///
/// @param matrix `[2, 2]`
/// @param bias `[2]`
record Weights(Array matrix, Array bias) {
  static Weights template(DType dtype) {
    return new Weights(
        Array.placeholder(TensorType.of(dtype, 2, 2)), Array.placeholder(TensorType.of(dtype, 2)));
  }

  /// The leaves with the given six values.
  static List<Literal> values(DType dtype, double... six) {
    return List.of(
        Literal.generate(TensorType.of(dtype, 2, 2), i -> six[(int) i]),
        Literal.generate(TensorType.of(dtype, 2), i -> six[4 + (int) i]));
  }

  /// Leaf `first` and the one after it as six numbers.
  static double[] six(List<Literal> leaves, int first) {
    double[] six = new double[6];
    for (int i = 0; i < 6; i++) {
      six[i] = i < 4 ? leaves.get(first).get(i) : leaves.get(first + 1).get(i - 4);
    }
    return six;
  }
}
