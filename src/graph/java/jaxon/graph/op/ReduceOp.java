package jaxon.graph.op;

import java.util.List;

/// Operations that fold dims away.
public sealed interface ReduceOp extends Op {
  /// Folds `dims` with `kind`, starting from the kind's neutral element; the dims disappear.
  ///
  /// Sums of 16-bit floats are accumulated in float32 and rounded once.
  record Reduce(Kind kind, List<Integer> dims) implements ReduceOp {
    public Reduce {
      dims = List.copyOf(dims);
    }

    @Override
    public String opName() {
      return "stablehlo.reduce";
    }
  }

  /// The folding functions.
  enum Kind {
    SUM,
    PRODUCT,
    MAX,
    MIN,
    /// `i1` only.
    AND,
    /// `i1` only.
    OR
  }
}
