package jaxon.xla;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.Graph;
import jaxon.graph.op.IndexOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Traced;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IndexTest {
  private static final Tolerance EXACT = Tolerance.EXACT;
  private static final List<Integer> NONE = List.of();

  /// A gather, or the scatter with the same dims.
  private record Windows(
      String name, Literal operand, Literal indices, IndexOp.GatherDims dims, List<Long> sizes) {}

  static Stream<OpCase> cases() {
    OpCases cases = new OpCases();
    for (DType dtype : OpCases.ALL) {
      dynamicSlices(cases, dtype);
      for (DType index : OpCases.INDEXES) {
        gathers(cases, dtype, index);
      }
      sorts(cases, dtype, true);
      sorts(cases, dtype, false);
    }
    return cases.stream();
  }

  private static void dynamicSlices(OpCases cases, DType dtype) {
    Literal x = cases.plain(dtype, 6, 5, 4);
    Literal s0 = cases.ints(DType.I32, -3, 9);
    Literal s1 = cases.ints(DType.I32, -3, 9);
    Literal s2 = cases.ints(DType.I32, -3, 9);
    IndexOp.DynamicSlice slice = new IndexOp.DynamicSlice(List.of(2L, 5L, 1L));
    cases.add("dynamic_slice " + dtype, EXACT, slice, x, s0, s1, s2);
    Literal update = cases.plain(dtype, 2, 5, 1);
    cases.add(
        "dynamic_update_slice " + dtype,
        EXACT,
        new IndexOp.DynamicUpdateSlice(),
        x,
        update,
        s0,
        s1,
        s2);
  }

  private static void gathers(OpCases cases, DType dtype, DType index) {
    long least = index.isUnsigned() ? 0 : -3;
    String of = " of " + dtype + " by " + index;
    Literal x = cases.plain(dtype, 6, 5, 4);
    Literal rows = cases.ints(index, least, 9, 3, 2);
    cases.add("take" + of, EXACT, List.of(x, rows), a -> List.of(Ops.take(a.get(0), a.get(1))));
    Literal last = cases.ints(index, least, 6, 6, 5);
    cases.add(
        "takeAlongLast" + of,
        EXACT,
        List.of(x, last),
        a -> List.of(Ops.takeAlongLast(a.get(0), a.get(1))));
    for (Windows windows : windows(cases, dtype, index)) {
      IndexOp.Gather gather = new IndexOp.Gather(windows.dims(), windows.sizes());
      String name = of + ", " + windows.name();
      cases.add("gather" + name, EXACT, gather, windows.operand(), windows.indices());
      Graph shape =
          Traced.graph(a -> OpCases.emit(gather, a), windows.operand(), windows.indices());
      Literal updates = cases.plain(dtype, shape.outputTypes().getFirst().shape().toArray());
      for (IndexOp.Combiner combiner : IndexOp.Combiner.values()) {
        // The interpreter rounds a sum once, XLA after each term.
        boolean isSum = combiner == IndexOp.Combiner.ADD;
        cases.add(
            "scatter " + combiner + name,
            isSum ? Tolerance.ofLargest(1.01) : Tolerance.each(4),
            new IndexOp.Scatter(windows.dims(), combiner),
            windows.operand(),
            windows.indices(),
            updates);
      }
    }
  }

  /// Indices reach beyond the operand on both sides.
  private static List<Windows> windows(OpCases cases, DType dtype, DType index) {
    long least = index.isUnsigned() ? 0 : -2;
    return List.of(
        new Windows(
            "rows",
            cases.plain(dtype, 6, 4),
            cases.ints(index, least, 8, 9),
            new IndexOp.GatherDims(List.of(1), List.of(0), NONE, NONE, List.of(0), 1),
            List.of(1L, 4L)),
        new Windows(
            "overlapping windows",
            cases.plain(dtype, 6, 7),
            cases.ints(index, least, 8, 5, 2),
            new IndexOp.GatherDims(List.of(1, 2), NONE, NONE, NONE, List.of(1, 0), 1),
            List.of(2L, 3L)),
        new Windows(
            "index vectors in dim 0",
            cases.plain(dtype, 6, 7),
            cases.ints(index, least, 8, 2, 5),
            new IndexOp.GatherDims(List.of(0), List.of(1), NONE, NONE, List.of(0, 1), 0),
            List.of(3L, 1L)),
        new Windows(
            "batch dim",
            cases.plain(dtype, 3, 6, 4),
            cases.ints(index, least, 7, 5, 3, 1),
            new IndexOp.GatherDims(
                List.of(2), List.of(1), List.of(0), List.of(1), List.of(1), 2),
            List.of(1L, 1L, 4L)),
        new Windows(
            "two batch dims",
            cases.plain(dtype, 3, 2, 6),
            cases.ints(index, least, 7, 3, 2, 4),
            new IndexOp.GatherDims(
                NONE, List.of(2), List.of(0, 1), List.of(0, 1), List.of(2), 3),
            List.of(1L, 1L, 1L)),
        new Windows(
            "points",
            cases.plain(dtype, 5, 5),
            cases.ints(index, least, 7, 12, 2),
            new IndexOp.GatherDims(NONE, List.of(0, 1), NONE, NONE, List.of(0, 1), 1),
            List.of(1L, 1L)),
        new Windows(
            "one index",
            cases.plain(dtype, 5, 3),
            cases.ints(index, least, 7),
            new IndexOp.GatherDims(List.of(0), List.of(0), NONE, NONE, List.of(0), 0),
            List.of(1L, 3L)));
  }

  private static void sorts(OpCases cases, DType dtype, boolean descending) {
    Literal keys = keys(cases, dtype);
    Literal values = cases.plain(DType.F32, 5, 9);
    String name = "sort " + dtype + (descending ? " descending" : "");
    for (int dim = 0; dim < 2; dim++) {
      int along = dim;
      cases.add(
          name + " dim " + dim,
          EXACT,
          List.of(keys, values),
          a -> {
            Array place = Ops.iota(TensorType.of(DType.I32, 5, 9), along);
            List<Array> sorted =
                new ArrayList<>(Ops.sort(along, descending, List.of(a.get(0), place, a.get(1))));
            sorted.addAll(Ops.sort(along, descending, List.of(a.get(0))));
            return sorted;
          });
    }
    if (dtype.isFloat()) {
      cases.add(
          name + " NaN with a sign",
          EXACT,
          List.of(keys),
          a -> {
            Array place = Ops.iota(TensorType.of(DType.I32, 5, 9), 1);
            return Ops.sort(1, descending, List.of(a.get(0).neg(), place)).subList(1, 2);
          });
    }
  }

  private static Literal keys(OpCases cases, DType dtype) {
    if (!dtype.isFloat()) {
      return cases.any(dtype, 5, 9);
    }
    return Literal.generate(
        TensorType.of(dtype, 5, 9),
        i -> {
          if (i % 7 == 0) {
            return Double.NaN;
          }
          if (i % 11 == 0) {
            return -0.0;
          }
          if (i % 13 == 0 || i % 17 == 0) {
            return i % 13 == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
          }
          return i % 5 == 0 ? 0 : Math.sin(i * 3);
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheInterpreter(OpCase test) {
    test.check();
  }
}
