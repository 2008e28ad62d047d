package jaxon.graph.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class ArrayTest {
  private static final Literal MATRIX = Literals.counting(DType.F32, 2, 3);

  private static double[] add(Literal x, Literal y) {
    return Traced.one(args -> args.get(0).add(args.get(1)), x, y).toDoubles();
  }

  @Test
  void scalarsAndDimsOfSizeOneRepeat() {
    Literal row = Literal.ofFloats(new float[] {10, 20, 30}, 1, 3);
    Literal column = Literal.ofFloats(new float[] {1, 2}, 2, 1);
    assertThat(add(MATRIX, row)).containsExactly(10, 21, 32, 13, 24, 35);
    assertThat(add(column, MATRIX)).containsExactly(1, 2, 3, 5, 6, 7);
    assertThat(add(column, row)).containsExactly(11, 21, 31, 12, 22, 32);
    assertThat(add(Literals.scalar(DType.F32, 1), MATRIX)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(add(MATRIX, Literal.splat(TensorType.of(DType.F32, 1, 1), 1)))
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void ranksAndDtypesAreNeverPromoted() {
    Literal vector = Literals.floats(DType.F32, 1, 2, 3);
    assertThatThrownBy(() -> add(MATRIX, vector))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("use broadcastTo or expandDims; got (f32[2, 3], f32[3])");
    assertThatThrownBy(() -> add(MATRIX, Literals.counting(DType.F32, 2, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("got (f32[2, 3], f32[2, 2])");
    assertThatThrownBy(() -> add(MATRIX, Literals.scalar(DType.BF16, 1)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("operands must have one type");
  }

  @Test
  void selectBroadcastsAllThree() {
    Literal result =
        Traced.one(
            args -> args.get(0).select(args.get(1), Ops.constant(DType.F32, -1)),
            Literal.wrap(TensorType.of(DType.I1, 2, 1), new byte[] {1, 0}),
            MATRIX);
    assertThat(result.toDoubles()).containsExactly(0, 1, 2, -1, -1, -1);
  }

  @Test
  void broadcastInDimMayTransposeASquare() {
    Literal square = Literals.counting(DType.F32, 2, 2);
    Literal result = Traced.unary(x -> x.broadcastInDim(Shape.of(2, 2), 1, 0), square);
    assertThat(result.toDoubles()).containsExactly(0, 2, 1, 3);
  }

  @Test
  void dimsMayCountFromTheEnd() {
    assertThat(Traced.unary(x -> x.sum(-1), MATRIX).toDoubles()).containsExactly(3, 12);
    assertThat(Traced.unary(x -> x.slice(-1, -2, 3), MATRIX).toDoubles())
        .containsExactly(1, 2, 4, 5);
    assertThat(Traced.unary(x -> x.expandDims(-1), MATRIX).type())
        .isEqualTo(TensorType.of(DType.F32, 2, 3, 1));
    assertThat(Traced.unary(x -> x.swapDims(0, -1), MATRIX).toDoubles())
        .containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void reductionsWithoutDimsFoldAll() {
    assertThat(Traced.unary(Array::sum, MATRIX).get(0)).isEqualTo(15);
    assertThat(Traced.unary(Array::mean, MATRIX).get(0)).isEqualTo(2.5);
    assertThat(Traced.unary(x -> x.mean(0), MATRIX).toDoubles()).containsExactly(1.5, 2.5, 3.5);
    assertThat(Traced.unary(Array::maxOver, MATRIX).get(0)).isEqualTo(5);
    assertThat(Traced.unary(Array::minOver, MATRIX).get(0)).isZero();
    assertThat(Traced.unary(x -> x.prod(1), MATRIX).toDoubles()).containsExactly(0, 60);
    Literal flags = Literals.longs(DType.I1, 1, 0);
    assertThat(Traced.unary(Array::all, flags).get(0)).isZero();
    assertThat(Traced.unary(Array::any, flags).get(0)).isEqualTo(1);
  }

  @Test
  void whatChangesNothingAddsNoEquation() {
    Graph graph =
        Traced.graph(
            args ->
                List.of(
                    args.get(0)
                        .astype(DType.F32)
                        .reshape(2, 3)
                        .broadcastTo(Shape.of(2, 3))
                        .broadcastInDim(Shape.of(2, 3), 0, 1)),
            MATRIX);
    assertThat(graph.equations()).isEmpty();
  }

  @Test
  void illegalShapesAreRefused() {
    assertThatThrownBy(() -> Traced.unary(x -> x.broadcastTo(Shape.of(3)), MATRIX))
        .hasMessageContaining("f32[2, 3] has more dims than [3]");
    assertThatThrownBy(() -> Traced.unary(x -> x.reshape(4), MATRIX))
        .hasMessageContaining("to [4] needs 4 elements; got (f32[2, 3])");
    assertThatThrownBy(() -> Traced.unary(x -> x.sum(2), MATRIX))
        .hasMessageContaining("dim 2 of shape [2, 3]: allowed are -2..1");
    assertThatThrownBy(() -> Traced.unary(x -> x.expandDims(4), MATRIX))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("allowed are 0..2");
    assertThatThrownBy(() -> Traced.unary(x -> x.squeeze(0), MATRIX))
        .isInstanceOf(ShapeException.class);
  }

  @Test
  void functionsOfOps() {
    Literal table = Literals.counting(DType.F32, 3, 2);
    Literal rows =
        Traced.one(a -> Ops.take(a.get(0), a.get(1)), table, Literals.longs(DType.I32, 2, 0));
    assertThat(rows.toDoubles()).containsExactly(4, 5, 0, 1);
    Literal along =
        Traced.one(
            a -> Ops.takeAlongLast(a.get(0), a.get(1)), table, Literals.longs(DType.I32, 1, 0, 1));
    assertThat(along.toDoubles()).containsExactly(1, 2, 5);
    Literal peaks = Literal.ofFloats(new float[] {1, 7, 7, 9, 0, 9}, 2, 3);
    assertThat(Traced.unary(x -> Ops.argmax(x, -1), peaks))
        .isEqualTo(Literals.longs(DType.I32, 1, 0));
    assertThat(Traced.unary(x -> Ops.pad(x, 1, 1, 0, -1), table).toDoubles())
        .containsExactly(-1, 0, 1, -1, 2, 3, -1, 4, 5);
    Literal huge = Literals.floats(DType.F32, 1000, 1000);
    assertThat(Traced.unary(Ops::logSumExp, huge).toDoubles())
        .containsExactly((float) (1000 + Math.log(2)));
    assertThat(
            Traced.unary(
                    x -> Ops.clamp(Ops.constant(DType.F32, 1), x, Ops.constant(DType.F32, 4)),
                    MATRIX)
                .toDoubles())
        .containsExactly(1, 1, 2, 3, 4, 4);
  }
}
