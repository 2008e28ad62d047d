package jaxon.graph.interpret;

import jaxon.graph.type.DType;

/// What happens to the float results of an op.
enum Precision {
  /// Each result element is rounded once to the dtype that the graph declares.
  DECLARED,
  /// Float elements stay doubles, whatever the graph declares: the exact reference for graphs of
  /// low precision.
  FLOAT64;

  /// The double that stands for `value` in a tensor of float type `dtype`.
  double round(DType dtype, double value) {
    return this == FLOAT64 ? value : dtype.round(value);
  }
}
