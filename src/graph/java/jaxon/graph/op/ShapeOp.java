package jaxon.graph.op;

import java.util.List;
import jaxon.graph.type.Shape;

/// Operations that move elements without computing.
public sealed interface ShapeOp extends Op {
  /// Operand dim `i` becomes result dim `dims[i]`; other dims repeat, and so do operand dims of
  /// size 1.
  record BroadcastInDim(Shape shape, List<Integer> dims) implements ShapeOp {
    public BroadcastInDim {
      dims = List.copyOf(dims);
    }

    @Override
    public String opName() {
      return "stablehlo.broadcast_in_dim";
    }
  }

  /// The same elements in row-major order under another shape of as many elements.
  record Reshape(Shape shape) implements ShapeOp {
    @Override
    public String opName() {
      return "stablehlo.reshape";
    }
  }

  /// Result dim `i` is operand dim `permutation[i]`.
  record Transpose(List<Integer> permutation) implements ShapeOp {
    public Transpose {
      permutation = List.copyOf(permutation);
    }

    @Override
    public String opName() {
      return "stablehlo.transpose";
    }
  }

  /// Elements `start, start + stride, …` below `limit`, per dim; strides are >= 1.
  record Slice(List<Long> start, List<Long> limit, List<Long> strides) implements ShapeOp {
    public Slice {
      start = List.copyOf(start);
      limit = List.copyOf(limit);
      strides = List.copyOf(strides);
    }

    @Override
    public String opName() {
      return "stablehlo.slice";
    }
  }

  /// `(operand: T, value: scalar T)`: `value` before (`low`), after (`high`) and between
  /// (`interior`) the elements of each dim. Negative `low` and `high` remove elements.
  record Pad(List<Long> low, List<Long> high, List<Long> interior) implements ShapeOp {
    public Pad {
      low = List.copyOf(low);
      high = List.copyOf(high);
      interior = List.copyOf(interior);
    }

    @Override
    public String opName() {
      return "stablehlo.pad";
    }
  }

  /// Operands one after the other along `dim`; at least one operand.
  record Concatenate(int dim) implements ShapeOp {
    @Override
    public String opName() {
      return "stablehlo.concatenate";
    }
  }

  /// Reverses the order of elements along `dims`.
  record Reverse(List<Integer> dims) implements ShapeOp {
    public Reverse {
      dims = List.copyOf(dims);
    }

    @Override
    public String opName() {
      return "stablehlo.reverse";
    }
  }
}
