package jaxon.xla;

import static jaxon.xla.OpCases.emit;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeOpTest {
  private static final Tolerance EXACT = Tolerance.EXACT;

  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    for (DType dtype : OpCases.ALL) {
      movement(cases, dtype);
      windows(cases, dtype);
      constants(cases, dtype);
    }
    scalars(cases);
    return cases.stream();
  }

  private static void movement(OpCases cases, DType dtype) {
    List<Literal> x = List.of(cases.plain(dtype, 3, 4, 5));
    TensorType matrix = TensorType.of(dtype, 5, 7);
    if (dtype != DType.I1) {
      cases.add(
          "iota " + dtype,
          EXACT,
          List.of(),
          _ -> List.of(Ops.iota(matrix, 0), Ops.iota(matrix, 1)));
    }
    cases.add(
        "broadcast_in_dim " + dtype,
        EXACT,
        List.of(cases.plain(dtype, 3, 1)),
        a ->
            List.of(
                a.get(0).broadcastInDim(Shape.of(2, 3, 4), 1, 2),
                a.get(0).slice(1, 0, 1).reshape(3).broadcastInDim(Shape.of(3, 6), 0)));
    cases.add(
        "reshape " + dtype,
        EXACT,
        x,
        a -> List.of(a.get(0).reshape(15, 4), a.get(0).reshape(60), a.get(0).reshape(1, 60, 1)));
    cases.add(
        "transpose " + dtype,
        EXACT,
        x,
        a -> List.of(a.get(0).transpose(2, 0, 1), a.get(0).transpose(1, 2, 0)));
    cases.add(
        "reverse " + dtype, EXACT, x, a -> List.of(a.get(0).reverse(0, 2), a.get(0).reverse(1)));
  }

  private static void windows(OpCases cases, DType dtype) {
    Literal x = cases.plain(dtype, 3, 4, 5);
    ShapeOp.Slice even = new ShapeOp.Slice(List.of(0L, 1L, 0L), List.of(3L, 1L, 5L), List.of(1L, 1L, 2L));
    ShapeOp.Slice strided = new ShapeOp.Slice(List.of(1L, 0L, 1L), List.of(3L, 4L, 5L), List.of(2L, 3L, 2L));
    ShapeOp.Pad pad = new ShapeOp.Pad(List.of(1L, -1L, 0L), List.of(-2L, 2L, -1L), List.of(1L, 0L, 2L));
    ShapeOp.Concatenate join = new ShapeOp.Concatenate(1);
    cases.add("slice to nothing " + dtype, EXACT, even, x);
    cases.add("slice with strides " + dtype, EXACT, strided, x);
    cases.add("pad " + dtype, EXACT, pad, x, cases.plain(dtype));
    cases.add("concatenate " + dtype, EXACT, join, x, cases.plain(dtype, 3, 1, 5), cases.plain(dtype, 3, 0, 5));
    cases.add("concatenate one " + dtype, EXACT, join, x);
  }

  private static void constants(OpCases cases, DType dtype) {
    List<Literal> values =
        List.of(
            cases.any(dtype, 4, 5),
            cases.any(dtype, 13, 17),
            cases.any(dtype),
            cases.any(dtype, 1, 1),
            Literal.splat(TensorType.of(dtype, 3, 4), 1),
            cases.any(dtype, 0, 3));
    cases.add(
        "constant " + dtype,
        EXACT,
        List.of(),
        _ -> values.stream().map(value -> Ops.constant(value)).toList());
    if (!dtype.isFloat()) {
      long least = Long.MIN_VALUE >> (64 - dtype.bits());
      long[] bounds = {-1, least, Long.MAX_VALUE >>> (64 - dtype.bits()), 3};
      Literal literal = Literal.generateLongs(TensorType.of(dtype, 4), i -> bounds[(int) i]);
      cases.add("constant bounds " + dtype, EXACT, List.of(), _ -> List.of(Ops.constant(literal)));
      return;
    }
    double infinity = Double.POSITIVE_INFINITY;
    double[] numbers = {
      Double.NaN, infinity, -infinity, -0.0, 0.1, -1e-7, 3e38, 1e-40, 65504, 1e300, 1.0 / 3
    };
    for (double number : numbers) {
      cases.add(
          "constant " + dtype + " " + number,
          EXACT,
          List.of(),
          _ ->
              List.of(
                  Ops.constant(dtype, number),
                  Ops.constant(DType.F32, 1).div(Ops.constant(dtype, number).astype(DType.F32))));
    }
  }

  private static void scalars(OpCases cases) {
    cases.add(
        "every shape op on a scalar",
        EXACT,
        List.of(cases.normal(DType.F32)),
        a ->
            List.of(
                a.get(0).reshape(1).reshape(),
                emit(new ShapeOp.Slice(List.of(), List.of(), List.of()), a).getFirst(),
                emit(new ShapeOp.Transpose(List.of()), a).getFirst(),
                emit(new ShapeOp.BroadcastInDim(Shape.of(2, 2), List.of()), a).getFirst(),
                emit(new ShapeOp.Reverse(List.of()), a).getFirst(),
                emit(new ReduceOp.Reduce(ReduceOp.Kind.SUM, List.of()), a).getFirst()));
    cases.add(
        "an input as two results",
        EXACT,
        List.of(cases.normal(DType.F32, 3)),
        a -> List.of(a.get(0), a.get(0)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
