package jaxon.xla;

import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reductions and contractions.
class FoldTest {
  private static final Tolerance SUM = Tolerance.ofLargest(16);

  /// Batch dims and contracted dims of both sides, and their shapes.
  private record Dot(
      List<Integer> leftBatch,
      List<Integer> rightBatch,
      List<Integer> left,
      List<Integer> right,
      Shape leftShape,
      Shape rightShape) {}

  private static final List<Integer> NONE = List.of();

  private static final List<Dot> DOTS =
      List.of(
          new Dot(NONE, NONE, List.of(1), List.of(0), Shape.of(5, 40), Shape.of(40, 6)),
          new Dot(NONE, NONE, List.of(1), List.of(0), Shape.of(64, 128), Shape.of(128, 96)),
          new Dot(
              List.of(0, 2),
              List.of(1, 0),
              List.of(3),
              List.of(2),
              Shape.of(3, 5, 2, 8),
              Shape.of(2, 3, 8, 4)),
          new Dot(NONE, NONE, List.of(0, 2), List.of(1, 0), Shape.of(3, 5, 2), Shape.of(2, 3, 4)),
          new Dot(NONE, NONE, NONE, NONE, Shape.of(3), Shape.of(4)),
          new Dot(NONE, NONE, List.of(0), List.of(0), Shape.of(30), Shape.of(30)),
          new Dot(List.of(0), List.of(0), NONE, NONE, Shape.of(3), Shape.of(3, 4)),
          new Dot(NONE, NONE, List.of(1), List.of(0), Shape.of(3, 0), Shape.of(0, 4)));

  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    for (DType dtype : OpCases.ALL) {
      for (ReduceOp.Kind kind : ReduceOp.Kind.values()) {
        boolean logical = kind == ReduceOp.Kind.AND || kind == ReduceOp.Kind.OR;
        if (logical == (dtype == DType.I1)) {
          reduce(cases, dtype, kind);
        }
      }
      for (DType result : OpCases.ALL) {
        if (gives(dtype, result)) {
          DOTS.forEach(dot -> dot(cases, dtype, result, dot));
        }
      }
    }
    einsum(cases, "btd,dhk->bthk", DType.F32, Shape.of(2, 3, 8), Shape.of(8, 4, 5));
    einsum(cases, "bqhd,bkhd->bhqk", DType.BF16, Shape.of(2, 3, 4, 8), Shape.of(2, 5, 4, 8));
    einsum(cases, "bhqk,bkhd->bqhd", DType.F32, Shape.of(2, 4, 3, 5), Shape.of(2, 5, 4, 8));
    return cases.stream();
  }

  private static void reduce(OpCases cases, DType dtype, ReduceOp.Kind kind) {
    String name = "reduce " + kind + " " + dtype + " ";
    boolean isProduct = kind == ReduceOp.Kind.PRODUCT && dtype.isFloat();
    boolean isSum = kind == ReduceOp.Kind.SUM && dtype.isFloat();
    boolean isWide = dtype == DType.F32 || dtype == DType.F64;
    Literal x = isProduct ? cases.between(dtype, 0.5, 1.6, 6, 7, 8) : cases.plain(dtype, 6, 7, 8);
    Tolerance tolerance = isSum ? SUM : Tolerance.each(isWide ? 64 : 1);
    for (List<Integer> dims :
        List.of(List.of(0), List.of(1, 2), List.of(0, 1, 2), NONE, List.of(2, 0))) {
      cases.add(name + dims, tolerance, new ReduceOp.Reduce(kind, dims), x);
    }
    ReduceOp.Reduce rows = new ReduceOp.Reduce(kind, List.of(0));
    ReduceOp.Reduce columns = new ReduceOp.Reduce(kind, List.of(1));
    cases.add(name + "nothing", tolerance, rows, cases.plain(dtype, 0, 3));
    if (dtype.isFloat() && (kind == ReduceOp.Kind.MAX || kind == ReduceOp.Kind.MIN)) {
      cases.add(name + "NaN", tolerance, columns, cases.any(dtype, 4, 8));
    }
    if (isSum) {
      Literal many = cases.between(dtype, 0, 1, 2, 20_000);
      cases.add(name + "many", Tolerance.ofLargest(64), columns, many);
    }
  }

  private static boolean gives(DType dtype, DType result) {
    if (dtype == DType.I1 || result == DType.I1) {
      return false;
    }
    return result == dtype
        || (dtype.isFloat() && result.isFloat())
        || (dtype.isInteger() && (result == DType.I32 || result == DType.F32));
  }

  private static void dot(OpCases cases, DType dtype, DType result, Dot dot) {
    String name = "dot_general " + dtype + " to " + result;
    cases.add(
        name + " " + dot.leftShape() + " " + dot.rightShape(),
        SUM,
        List.of(factors(cases, dtype, dot.leftShape()), factors(cases, dtype, dot.rightShape())),
        a ->
            List.of(
                Ops.dotGeneral(
                    a.get(0),
                    a.get(1),
                    dot.leftBatch(),
                    dot.rightBatch(),
                    dot.left(),
                    dot.right(),
                    result)));
  }

  private static Literal factors(OpCases cases, DType dtype, Shape shape) {
    return dtype.isFloat()
        ? cases.normal(dtype, shape.toArray())
        : cases.ints(dtype, 0, 9, shape.toArray());
  }

  private static void einsum(OpCases cases, String formula, DType dtype, Shape left, Shape right) {
    cases.add(
        formula,
        SUM,
        List.of(cases.normal(dtype, left.toArray()), cases.normal(dtype, right.toArray())),
        a -> List.of(Ops.einsum(formula, a.get(0), a.get(1), DType.F32)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
