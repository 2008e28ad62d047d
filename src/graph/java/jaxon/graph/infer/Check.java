package jaxon.graph.infer;

import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jaxon.graph.op.Op;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// The operands of one op under inference, and the errors that say what is wrong with them.
record Check(Op op, List<TensorType> operands) {
  /// Throws with the op, the rule that was broken and all operand types, unless `condition` holds.
  void require(boolean condition, Supplier<String> rule) {
    if (!condition) {
      String found = operands.stream().map(TensorType::toString).collect(Collectors.joining(", "));
      throw new ShapeException(op.opName() + ": " + rule.get() + "; got (" + found + ")");
    }
  }

  void operandCount(int count) {
    require(operands.size() == count, () -> "takes " + count + " operands, not " + operands.size());
  }

  TensorType operand(int index) {
    require(index < operands.size(), () -> "takes an operand number " + index);
    return operands.get(index);
  }

  TensorType single() {
    operandCount(1);
    return operands.getFirst();
  }

  void sameTypes(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      TensorType other = operands.get(i);
      require(
          other.equals(operands.get(from)),
          () -> "operands must have one type: convert dtypes and broadcast shapes explicitly");
    }
  }

  void shapesEqual(int first, int second) {
    require(
        operands.get(first).shape().equals(operands.get(second).shape()),
        () -> "operands " + first + " and " + second + " must have one shape");
  }

  void floating(TensorType type) {
    require(type.dtype().isFloat(), () -> "needs a float dtype");
  }

  void dtype(TensorType type, DType dtype) {
    require(type.dtype() == dtype, () -> "needs dtype " + dtype + " where " + type + " is given");
  }

  /// All `dims` are dims of `shape`, none twice.
  void dims(List<Integer> dims, Shape shape, String what) {
    boolean legal = new HashSet<>(dims).size() == dims.size();
    for (int dim : dims) {
      legal &= dim >= 0 && dim < shape.rank();
    }
    boolean ok = legal;
    require(ok, () -> what + " " + dims + " must be distinct dims of " + shape);
  }
}
