package jaxon.graph.interpret;

import java.util.List;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.type.TensorType;

/// Comparison, selection and conversion, element by element.
public final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static Tensor apply(
      ElementwiseOp op, List<Tensor> operands, TensorType type, Precision precision) {
    Tensor first = operands.getFirst();
    return switch (op) {
      case ElementwiseOp.Compare compare ->
          compare(compare.direction(), first, operands.get(1), type);
      case ElementwiseOp.Select _ -> select(first, operands.get(1), operands.get(2));
      case ElementwiseOp.Clamp _ -> clamp(first, operands.get(1), operands.get(2));
      case ElementwiseOp.Convert _ -> Conversion.convert(first, type, precision);
      case ElementwiseOp.BitcastConvert _ -> Conversion.bitcast(first, type);
    };
  }

  private static Tensor compare(Direction direction, Tensor x, Tensor y, TensorType type) {
    long[] result = new long[x.size()];
    for (int i = 0; i < result.length; i++) {
      boolean holds =
          x.isFloat()
              ? holds(direction, x.doubles()[i], y.doubles()[i])
              : holds(direction, BinaryKernels.compare(x.dtype(), x.longs()[i], y.longs()[i]), 0);
      result[i] = holds ? 1 : 0;
    }
    return Tensor.ofLongs(type, result);
  }

  /// True when `x` and `y` compare so; nothing but NE holds for NaN.
  public static boolean holds(Direction direction, double x, double y) {
    return switch (direction) {
      case EQ -> x == y;
      case NE -> x != y;
      case GE -> x >= y;
      case GT -> x > y;
      case LE -> x <= y;
      case LT -> x < y;
    };
  }

  private static Tensor select(Tensor predicate, Tensor onTrue, Tensor onFalse) {
    Tensor result = onFalse.copy();
    for (int i = 0; i < result.size(); i++) {
      if (predicate.longs()[i] != 0) {
        result.set(i, onTrue, i);
      }
    }
    return result;
  }

  /// minimum(maximum(x, min), max): NaN in any operand gives NaN.
  private static Tensor clamp(Tensor min, Tensor x, Tensor max) {
    Tensor result = x.copy();
    for (int i = 0; i < result.size(); i++) {
      if (x.isFloat()) {
        double[] values = result.doubles();
        values[i] = Math.min(Math.max(values[i], min.doubles()[i]), max.doubles()[i]);
      } else {
        clampInteger(result, i, min, max);
      }
    }
    return result;
  }

  private static void clampInteger(Tensor result, int i, Tensor min, Tensor max) {
    if (BinaryKernels.compare(result.dtype(), result.longs()[i], min.longs()[i]) < 0) {
      result.set(i, min, i);
    }
    if (BinaryKernels.compare(result.dtype(), result.longs()[i], max.longs()[i]) > 0) {
      result.set(i, max, i);
    }
  }
}
