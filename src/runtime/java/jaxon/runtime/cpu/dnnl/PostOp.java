package jaxon.runtime.cpu.dnnl;

/// A step on each result of a product while it is still in registers, in float32.
public sealed interface PostOp {
  /// Functions of one result.
  enum Activation {
    RELU,
    TANH,
    LOGISTIC,
    /// `x · logistic(x)`.
    SWISH,
    /// `x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`.
    GELU_TANH;

    /// The function in double.
    double apply(double x) {
      return switch (this) {
        case RELU -> Math.max(x, 0);
        case TANH -> Math.tanh(x);
        case LOGISTIC -> 1 / (1 + Math.exp(-x));
        case SWISH -> x / (1 + Math.exp(-x));
        case GELU_TANH ->
            0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      };
    }
  }

  /// Functions of one result and one other value.
  enum Combination {
    ADD,
    MULTIPLY;

    double apply(double x, double y) {
      return switch (this) {
        case ADD -> x + y;
        case MULTIPLY -> x * y;
      };
    }
  }

  /// Replaces each result by a function of it.
  record Unary(Activation function) implements PostOp {}

  /// Combines each result with the element of an `m` x `n` matrix at its place.
  ///
  /// @param operand where that matrix lies: row-major, or with row stride 0 for one row that is
  ///   repeated (a bias)
  record Binary(Combination function, MatrixLayout operand) implements PostOp {}
}
