package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.Combiner;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class GatherKernelTest {
  private static final Literal TABLE = Literals.counting(DType.F32, 4, 2);

  /// Whole rows of a table: StableHLO's embedding lookup.
  private static final GatherDims ROWS =
      new GatherDims(List.of(1), List.of(0), List.of(), List.of(), List.of(0), 1);

  private static Literal gather(GatherDims dims, List<Long> sizes, Literal x, Literal indices) {
    return Interpreter.apply(new IndexOp.Gather(dims, sizes), List.of(), List.of(x, indices))
        .getFirst();
  }

  private static Literal scatter(
      GatherDims dims, Combiner combiner, Literal x, Literal indices, Literal updates) {
    return Interpreter.apply(
            new IndexOp.Scatter(dims, combiner), List.of(), List.of(x, indices, updates))
        .getFirst();
  }

  @Test
  void rowsAreClampedIntoTheTable() {
    Literal indices = Literals.longs(DType.I32, 2, 0, -5, 77);
    assertThat(gather(ROWS, List.of(1L, 2L), TABLE, indices).toDoubles())
        .containsExactly(4, 5, 0, 1, 0, 1, 6, 7);
  }

  @Test
  void hugeUnsignedIndicesClampToTheLastRow() {
    assertThat(gather(ROWS, List.of(1L, 2L), TABLE, Literals.longs(DType.UI64, -1)).toDoubles())
        .containsExactly(6, 7);
  }

  @Test
  void windowsOfSeveralRowsAreClampedAsAWhole() {
    GatherDims dims = new GatherDims(List.of(1, 2), List.of(), List.of(), List.of(), List.of(0), 1);
    Literal result = gather(dims, List.of(2L, 1L), TABLE, Literals.longs(DType.I32, 1, 3));
    assertThat(result.type()).isEqualTo(TensorType.of(DType.F32, 2, 2, 1));
    assertThat(result.toDoubles()).containsExactly(2, 4, 4, 6);
  }

  @Test
  void indexVectorsNameSeveralDimsInTheOrderOfTheMap() {
    GatherDims dims =
        new GatherDims(List.of(), List.of(0, 1), List.of(), List.of(), List.of(1, 0), 0);
    // Index vectors are columns, because the index vector dim is 0: (column, row) pairs.
    Literal indices = Literal.ofInts(new int[] {1, 0, 3, 2}, 2, 2);
    assertThat(gather(dims, List.of(1L, 1L), TABLE, indices).toDoubles()).containsExactly(7, 4);
  }

  @Test
  void offsetDimsMayComeFirst() {
    GatherDims dims = new GatherDims(List.of(0), List.of(0), List.of(), List.of(), List.of(0), 1);
    Literal result = gather(dims, List.of(1L, 2L), TABLE, Literals.longs(DType.I32, 3, 1, 0));
    assertThat(result.type()).isEqualTo(TensorType.of(DType.F32, 2, 3));
    assertThat(result.toDoubles()).containsExactly(6, 2, 0, 7, 3, 1);
  }

  @Test
  void batchingDimsGoTogether() {
    // result[k, b] = table[b, indices[k, b]]: the batch dim of the indices is their second one.
    GatherDims dims = new GatherDims(List.of(), List.of(1), List.of(0), List.of(1), List.of(1), 2);
    Literal indices = Literal.ofInts(new int[] {0, 1, 0, 1, 1, 1, 1, 0}, 2, 4);
    Literal result = gather(dims, List.of(1L, 1L), TABLE, indices);
    assertThat(result.type()).isEqualTo(TensorType.of(DType.F32, 2, 4));
    assertThat(result.toDoubles()).containsExactly(0, 3, 4, 7, 1, 3, 5, 6);
  }

  @Test
  void batchingDimsAfterTheIndexVectorDim() {
    GatherDims dims = new GatherDims(List.of(), List.of(1), List.of(0), List.of(1), List.of(1), 0);
    Literal indices = Literal.ofInts(new int[] {0, 1, 0, 1}, 1, 4);
    assertThat(gather(dims, List.of(1L, 1L), TABLE, indices).toDoubles())
        .containsExactly(0, 3, 4, 7);
  }

  @Test
  void noIndicesGiveNoRows() {
    assertThat(gather(ROWS, List.of(1L, 2L), TABLE, Literals.longs(DType.I32)).type())
        .isEqualTo(TensorType.of(DType.F32, 0, 2));
  }

  @Test
  void scatterAddSumsEqualIndicesAndSkipsThoseOutside() {
    Literal updates = Literals.counting(DType.F32, 4, 2);
    Literal indices = Literals.longs(DType.I32, 1, 1, -1, 4);
    assertThat(scatter(ROWS, Combiner.ADD, TABLE, indices, updates).toDoubles())
        .containsExactly(0, 1, 2 + 0 + 2, 3 + 1 + 3, 4, 5, 6, 7);
  }

  @Test
  void scatterSetKeepsTheLastUpdate() {
    Literal updates = Literal.ofFloats(new float[] {-1, -2, -3, -4}, 2, 2);
    Literal indices = Literals.longs(DType.I64, 3, 3);
    assertThat(scatter(ROWS, Combiner.SET, TABLE, indices, updates).toDoubles())
        .containsExactly(0, 1, 2, 3, 4, 5, -3, -4);
  }

  @Test
  void aWindowThatDoesNotFitIsSkippedAsAWhole() {
    GatherDims dims = new GatherDims(List.of(1, 2), List.of(), List.of(), List.of(), List.of(0), 1);
    Literal updates = Literal.splat(TensorType.of(DType.F32, 2, 2, 2), 9);
    Literal indices = Literals.longs(DType.I32, 3, 0);
    assertThat(scatter(dims, Combiner.SET, TABLE, indices, updates).toDoubles())
        .containsExactly(9, 9, 9, 9, 4, 5, 6, 7);
  }

  @Test
  void scatterIntoBatchingDims() {
    GatherDims dims = new GatherDims(List.of(), List.of(1), List.of(0), List.of(0), List.of(1), 1);
    Literal indices = Literals.longs(DType.I32, 0, 1, 2, 1);
    Literal updates = Literals.floats(DType.F32, 10, 20, 30, 40);
    assertThat(scatter(dims, Combiner.ADD, TABLE, indices, updates).toDoubles())
        .containsExactly(10, 1, 2, 23, 4, 5, 6, 47);
  }

  @Test
  void lowPrecisionSumsAreRoundedOnce() {
    Literal x = Literals.floats(DType.BF16, 256);
    GatherDims dims = new GatherDims(List.of(), List.of(0), List.of(), List.of(), List.of(0), 1);
    Literal indices = Literals.longs(DType.I32, 0, 0);
    Literal updates = Literals.floats(DType.BF16, 1, 1);
    assertThat(scatter(dims, Combiner.ADD, x, indices, updates).get(0)).isEqualTo(258);
  }

  @Test
  void integerSumsWrap() {
    GatherDims dims = new GatherDims(List.of(), List.of(0), List.of(), List.of(), List.of(0), 1);
    Literal result =
        scatter(
            dims,
            Combiner.ADD,
            Literals.longs(DType.UI8, 250),
            Literals.longs(DType.I32, 0),
            Literals.longs(DType.UI8, 10));
    assertThat(result.get(0)).isEqualTo(4);
  }
}
