package jaxon.autodiff;

import static jaxon.testing.Literals.distinct;
import static jaxon.testing.Literals.doubles;
import static jaxon.testing.Literals.index;
import static jaxon.testing.Literals.ints;
import static jaxon.testing.Literals.uniform;
import static jaxon.testing.Traced.emit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.op.IndexOp.Combiner;
import jaxon.graph.op.IndexOp.Gather;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.op.IndexOp.Scatter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.GradCheck;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @ValueSource(ints = {-3, 0, 1, 2, 9})
  void dynamicSliceAndUpdateSliceWithStartsInAndOutOfRange(int start) {
    Literal x = uniform(random, -1, 1, 3, 4);
    Literal update = uniform(random, -1, 1, 2, 1);
    GradCheck.checkTwice(
        List.of(x, update, index(start), index(1)),
        args -> {
          List<Array> starts = args.subList(2, 4);
          return List.of(
              Ops.dynamicSlice(args.getFirst(), starts, Shape.of(2, 3)).square(),
              Ops.dynamicUpdateSlice(args.getFirst(), args.get(1), starts).square());
        });
  }

  @Test
  void takeWithRepeatedAndOutOfRangeRows() {
    Literal table = uniform(random, -1, 1, 4, 3);
    Literal rows = Literal.ofInts(new int[] {0, 2, 2, -5, 3, 99}, 2, 3);
    GradCheck.checkTwice(
        List.of(table, rows), args -> List.of(Ops.take(args.get(0), args.get(1)).square()));
  }

  @Test
  void takeAlongLastHasBatchingDims() {
    Literal x = uniform(random, -1, 1, 2, 3, 4);
    Literal at = Literal.ofInts(new int[] {0, 3, 3, -1, 7, 2}, 2, 3);
    GradCheck.checkTwice(
        List.of(x, at), args -> List.of(Ops.takeAlongLast(args.get(0), args.get(1)).square()));
  }

  /// Index vectors of two components in permuted order, windows of size 2 in one of the two, offset
  /// dims in the middle.
  private static final GatherDims WINDOWS =
      new GatherDims(List.of(1), List.of(2), List.of(0), List.of(0), List.of(2, 1), 2);

  private static final List<Long> WINDOW = List.of(1L, 2L, 1L);

  private static Literal windowStarts() {
    // Per batch entry: three (dim 2, dim 1) starts; repeated, negative and too large ones.
    return Literal.ofInts(new int[] {0, 0, 1, 2, 1, 2, 3, 1, -1, 9, 5, -2}, 2, 3, 2);
  }

  @Test
  void gatherOfWindows() {
    GradCheck.checkTwice(
        List.of(uniform(random, -1, 1, 2, 4, 3), windowStarts()),
        args -> List.of(emit(new Gather(WINDOWS, WINDOW), args.get(0), args.get(1)).square()));
  }

  @ParameterizedTest
  @EnumSource(Combiner.class)
  void scatterOfWindows(Combiner combiner) {
    Scatter op = new Scatter(WINDOWS, combiner);
    GradCheck.checkTwice(
        List.of(uniform(random, -1, 1, 2, 4, 3), windowStarts(), uniform(random, -1, 1, 2, 2, 3)),
        args -> List.of(emit(op, args.get(0), args.get(1), args.get(2)).square()));
  }

  @ParameterizedTest
  @EnumSource(Combiner.class)
  void scatterOfRowsWithRepeatedAndOutOfRangePlaces(Combiner combiner) {
    GatherDims rows = new GatherDims(List.of(1), List.of(0), List.of(), List.of(), List.of(0), 1);
    GradCheck.checkTwice(
        List.of(uniform(random, -1, 1, 3, 2), ints(1, 1, -1, 2, 3), uniform(random, -1, 1, 5, 2)),
        args ->
            List.of(
                emit(new Scatter(rows, combiner), args.get(0), args.get(1), args.get(2)).square()));
  }

  @Test
  void indicesOfSixtyFourBits() {
    Literal rows = Literal.generateLongs(TensorType.of(DType.I64, 2), i -> 2 - i);
    GradCheck.check(
        List.of(uniform(random, -1, 1, 3, 2), rows),
        args -> List.of(Ops.take(args.get(0), args.get(1)).square()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sortCarriesTheCotangentsBack(boolean descending) {
    for (int dim = 0; dim < 2; dim++) {
      int along = dim;
      GradCheck.checkTwice(
          List.of(distinct(random, 3, 4), uniform(random, -1, 1, 3, 4)),
          args -> {
            Array label = Ops.iota(args.getFirst().type().withDType(DType.I32), along);
            List<Array> sorted =
                Ops.sort(along, descending, List.of(args.get(0), args.get(1), label));
            return List.of(
                sorted.get(0).mul(sorted.get(1)).square(), sorted.get(2).astype(DType.F64));
          });
    }
  }

  @Test
  void sortByIntegersIsAPermutationOfTheValues() {
    GradCheck.checkTwice(
        List.of(ints(3, 1, 3, 2), uniform(random, -1, 1, 4)),
        args -> List.of(Ops.sort(0, false, args).get(1).square()));
  }

  @Test
  void equalKeysKeepTheirOrder() {
    List<Literal> slopes =
        Traced.run(
            List.of(doubles(2, 1, 1), doubles(10, 20, 30)),
            args ->
                Grad.valueAndGrad(
                        args,
                        p -> {
                          Array weights = Ops.constant(doubles(1, 2, 3));
                          List<Array> sorted = Ops.sort(0, false, p);
                          return new Grad.Objective<>(sorted.get(1).mul(weights).sum(), List.of());
                        })
                    .grad());
    assertThat(slopes.get(1).toDoubles()).containsExactly(3, 1, 2);
    assertThat(slopes.get(0).toDoubles()).containsOnly(0);
  }
}
