package jaxon.runtime.lower;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.Combiner;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.RandomLiterals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class IndexTest {
  private final SplittableRandom random = new SplittableRandom(13);
  private final OpCheck check = new OpCheck();

  private Literal literal(DType dtype, long... dims) {
    return RandomLiterals.of(TensorType.of(dtype, dims), random);
  }

  /// Indices of which some are out of range.
  private Literal indices(DType dtype, int bound, long... dims) {
    long low = dtype.isUnsigned() ? 0 : -2;
    return Literal.generateLongs(TensorType.of(dtype, dims), _ -> random.nextLong(low, bound + 2));
  }

  @Test
  void dynamicSliceAndUpdate() {
    for (DType dtype : DType.values()) {
      List<Literal> inputs =
          List.of(literal(dtype, 5, 4, 6), literal(dtype, 2, 3, 6), indices(DType.I32, 5, 3));
      check.check(
          "dynamic " + dtype,
          inputs,
          a -> {
            List<Array> starts = List.of(at(a.get(2), 0), at(a.get(2), 1), at(a.get(2), 2));
            Array turned = a.get(0).transpose(2, 1, 0);
            return List.of(
                Ops.dynamicSlice(a.get(0), starts, Shape.of(1, 4, 6)),
                Ops.dynamicSlice(turned, starts, Shape.of(2, 3, 4)),
                Ops.dynamicUpdateSlice(a.get(0), a.get(1), starts),
                Ops.dynamicUpdateSlice(turned, a.get(1).slice(2, 1, 4), starts));
          });
    }
    check.verify();
  }

  private static Array at(Array x, int index) {
    return x.slice(0, index, index + 1).reshape(Shape.SCALAR);
  }

  @Test
  void rowsOfATable() {
    for (DType dtype : DType.values()) {
      for (DType index : List.of(DType.I32, DType.I64, DType.UI32, DType.UI8)) {
        check.check(
            "take " + dtype + " by " + index,
            List.of(literal(dtype, 7, 5), indices(index, 7, 3, 4)),
            a -> List.of(Ops.take(a.get(0), a.get(1)), Ops.take(a.get(0).reverse(1), a.get(1))));
      }
    }
    check.check(
        "along last",
        List.of(literal(DType.F32, 3, 4, 9), indices(DType.I32, 9, 3, 4)),
        a -> List.of(Ops.takeAlongLast(a.get(0), a.get(1))));
    check.verify();
  }

  @Test
  void scattersRows() {
    GatherDims rows = new GatherDims(List.of(2), List.of(0), List.of(), List.of(), List.of(0), 2);
    for (DType dtype : DType.values()) {
      for (Combiner combiner : Combiner.values()) {
        if (combiner == Combiner.ADD && dtype == DType.I1) {
          continue;
        }
        IndexOp.Scatter op = new IndexOp.Scatter(rows, combiner);
        check.check(
            "scatter " + combiner + " " + dtype,
            List.of(small(dtype, 7, 5), indices(DType.I32, 7, 3, 4), small(dtype, 3, 4, 5)),
            a ->
                List.of(
                    Traced.emit(op, a.get(0), a.get(1), a.get(2)),
                    Traced.emit(op, a.get(0).reverse(0), a.get(1), a.get(2).reverse(2))));
      }
    }
    check.verify();
  }

  private Literal small(DType dtype, long... dims) {
    TensorType type = TensorType.of(dtype, dims);
    return dtype.isFloat()
        ? Literal.generate(type, _ -> random.nextDouble(-1, 1))
        : Literal.generateLongs(type, _ -> random.nextLong(0, 2));
  }

  @Test
  void generalWindows() {
    // Windows of 2 x 3 of the last two dims, per batch; the index vector is dim 0.
    GatherDims dims =
        new GatherDims(List.of(0, 3), List.of(), List.of(0), List.of(2), List.of(2, 1), 0);
    IndexOp.Gather gather = new IndexOp.Gather(dims, List.of(1L, 2L, 3L));
    IndexOp.Scatter scatter = new IndexOp.Scatter(dims, Combiner.ADD);
    check.check(
        "general",
        List.of(small(DType.F32, 4, 5, 6), indices(DType.I32, 6, 2, 3, 4)),
        a -> {
          Array windows = Traced.emit(gather, a.get(0), a.get(1));
          return List.of(windows, Traced.emit(scatter, a.get(0), a.get(1), windows));
        });
    check.verify();
  }

  @Test
  void sortsThroughTheInterpreter() {
    check.check(
        "sort",
        List.of(literal(DType.F32, 4, 9), literal(DType.I32, 4, 9)),
        a -> Ops.sort(1, true, List.of(a.get(0), a.get(1).reverse(0))));
    check.verify();
  }
}
