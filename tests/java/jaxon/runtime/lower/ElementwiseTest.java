package jaxon.runtime.lower;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.Op;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import jaxon.testing.RandomLiterals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
  private final SplittableRandom random = new SplittableRandom(7);
  private final OpCheck check = new OpCheck();

  private Literal literal(DType dtype, long... dims) {
    return RandomLiterals.of(TensorType.of(dtype, dims), random);
  }

  /// True when the op takes these dtypes.
  private static boolean isLegal(Op op, DType... operands) {
    try {
      List<Literal> scalars =
          List.of(operands).stream().map(d -> Literal.splat(TensorType.of(d), 1)).toList();
      Traced.graph(scalars, args -> List.of(Traced.emit(op, args.toArray(Array[]::new))));
      return true;
    } catch (ShapeException e) {
      return false;
    }
  }

  @Test
  void unaryOps() {
    for (UnaryOp op : UnaryOp.values()) {
      for (DType dtype : DType.values()) {
        if (isLegal(op, dtype)) {
          Literal x = literal(dtype, 3, 37, 2);
          check.check(op + " " + dtype, List.of(x), a -> List.of(Traced.emit(op, a.getFirst())));
          check.check(
              op + " transposed " + dtype,
              List.of(x),
              a -> List.of(Traced.emit(op, a.getFirst().transpose(2, 0, 1))));
        }
      }
    }
    check.verify();
  }

  @Test
  void binaryOps() {
    for (BinaryOp op : BinaryOp.values()) {
      for (DType dtype : DType.values()) {
        if (isLegal(op, dtype, dtype)) {
          layouts(op.name() + " " + dtype, op, literal(dtype, 5, 7, 3), literal(dtype, 5, 7, 3));
        }
      }
    }
    check.verify();
  }

  @Test
  void comparisons() {
    for (Direction direction : Direction.values()) {
      for (DType dtype : DType.values()) {
        Op op = new ElementwiseOp.Compare(direction);
        layouts(direction + " " + dtype, op, literal(dtype, 5, 7, 3), literal(dtype, 5, 7, 3));
      }
    }
    check.verify();
  }

  /// Every way in which an operand can be given: as it is, as a scalar, repeated along some dims,
  /// transposed, sliced with steps, reversed.
  private void layouts(String name, Op op, Literal x, Literal y) {
    List<Literal> inputs = List.of(x, y);
    check.check(name, inputs, a -> List.of(Traced.emit(op, a.get(0), a.get(1))));
    check.check(name + " with itself", inputs, a -> List.of(Traced.emit(op, a.get(0), a.get(0))));
    check.check(name + " scalar", inputs, a -> List.of(onScalar(op, a, true)));
    check.check(name + " of scalar", inputs, a -> List.of(onScalar(op, a, false)));
    check.check(
        name + " row",
        inputs,
        a -> List.of(Traced.emit(op, a.get(0), repeated(a.get(1), 0, 0, 1))));
    check.check(
        name + " column",
        inputs,
        a -> List.of(Traced.emit(op, repeated(a.get(1), 2, 1, 2), a.get(0))));
    check.check(
        name + " both repeated",
        inputs,
        a -> List.of(Traced.emit(op, repeated(a.get(0), 0, 0, 1), repeated(a.get(1), 1, 0, 1))));
    check.check(
        name + " transposed",
        inputs,
        a -> List.of(Traced.emit(op, a.get(0).transpose(2, 0, 1), a.get(1).transpose(2, 0, 1))));
    check.check(
        name + " reversed and sliced",
        inputs,
        a ->
            List.of(
                Traced.emit(op, a.get(0).reverse(0, 2).slice(1, 2, 7), a.get(1).slice(1, 0, 5))));
  }

  private static Array onScalar(Op op, List<Array> a, boolean second) {
    Array scalar = a.get(1).slice(0, 2, 3).slice(1, 3, 4).slice(2, 1, 2).reshape(Shape.SCALAR);
    Array repeated = scalar.broadcastTo(a.getFirst().shape());
    return second ? Traced.emit(op, a.get(0), repeated) : Traced.emit(op, repeated, a.get(0));
  }

  /// The first slice of `x` along `dim`, repeated along it.
  private static Array repeated(Array x, int dim, long from, long to) {
    Array slice = x.slice(dim, from, to);
    return slice.broadcastInDim(x.shape(), 0, 1, 2);
  }

  @Test
  void select() {
    for (DType dtype : DType.values()) {
      List<Literal> inputs =
          List.of(literal(DType.I1, 4, 33), literal(dtype, 4, 33), literal(dtype, 4, 33));
      check.check("select " + dtype, inputs, a -> List.of(a.get(0).select(a.get(1), a.get(2))));
      check.check(
          "select repeated " + dtype,
          inputs,
          a ->
              List.of(
                  a.get(0)
                      .slice(0, 0, 1)
                      .broadcastInDim(Shape.of(4, 33), 0, 1)
                      .select(
                          a.get(1),
                          a.get(2).slice(1, 5, 6).broadcastInDim(Shape.of(4, 33), 0, 1))));
    }
    check.verify();
  }

  @Test
  void clamp() {
    for (DType dtype : DType.values()) {
      if (dtype != DType.I1) {
        List<Literal> inputs =
            List.of(literal(dtype, 4, 5), literal(dtype, 4, 5), literal(dtype, 4, 5));
        check.check(
            "clamp " + dtype, inputs, a -> List.of(Ops.clamp(a.get(0), a.get(1), a.get(2))));
      }
    }
    check.verify();
  }

  @Test
  void conversions() {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        check.check(
            from + " to " + to, List.of(literal(from, 97)), a -> List.of(a.getFirst().astype(to)));
        if (isLegal(new ElementwiseOp.BitcastConvert(to), from)) {
          check.check(
              from + " bits to " + to,
              List.of(literal(from, 97)),
              a -> List.of(a.getFirst().bitcast(to).reverse(0)));
        }
      }
    }
    check.verify();
  }

  @Test
  void smallAndExtremeFloats() {
    double[] values = {
      1e-30, -1e-20, 1e-10, -1e-7, 1e-4, 0.1, 0.5, -0.999, 1.5, 2.5, -2.5, 20, 87, -87, 3e38, -3e38
    };
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Literal x = Literal.generate(TensorType.of(dtype, values.length), i -> values[(int) i]);
      for (UnaryOp op : UnaryOp.values()) {
        if (isLegal(op, dtype)) {
          check.check(op + " " + dtype, List.of(x), a -> List.of(Traced.emit(op, a.getFirst())));
        }
      }
    }
    check.verify();
  }

  @Test
  void emptyTensors() {
    List<Literal> inputs = List.of(literal(DType.F32, 0, 3), literal(DType.F32, 3));
    check.check(
        "empty",
        inputs,
        a -> List.of(a.get(0).add(a.get(1).broadcastTo(Shape.of(0, 3))).exp(), a.get(0).neg()));
    check.verify();
  }
}
