package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class ShapeKernelsTest {
  private static final Literal MATRIX = Literals.counting(DType.F32, 2, 3);

  private static Literal apply(ShapeOp op, Literal... operands) {
    return Interpreter.apply(op, List.of(), List.of(operands)).getFirst();
  }

  private static ShapeOp.Pad pad(long low, long high, long interior) {
    return new ShapeOp.Pad(List.of(low), List.of(high), List.of(interior));
  }

  @Test
  void broadcastRepeatsNewDimsAndDimsOfSizeOne() {
    Literal row = Literals.counting(DType.F32, 3);
    assertThat(apply(new ShapeOp.BroadcastInDim(Shape.of(2, 3), List.of(1)), row).toDoubles())
        .containsExactly(0, 1, 2, 0, 1, 2);
    Literal column = Literals.counting(DType.I32, 2, 1);
    assertThat(apply(new ShapeOp.BroadcastInDim(Shape.of(2, 2), List.of(0, 1)), column).toDoubles())
        .containsExactly(0, 0, 1, 1);
    Literal scalar = Literals.scalar(DType.I1, 1);
    assertThat(apply(new ShapeOp.BroadcastInDim(Shape.of(3), List.of()), scalar).toDoubles())
        .containsExactly(1, 1, 1);
  }

  @Test
  void broadcastMayExchangeDims() {
    Literal result = apply(new ShapeOp.BroadcastInDim(Shape.of(3, 2), List.of(1, 0)), MATRIX);
    assertThat(result.toDoubles()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void reshapeKeepsTheRowMajorOrder() {
    Literal result = apply(new ShapeOp.Reshape(Shape.of(3, 2)), MATRIX);
    assertThat(result.type()).isEqualTo(TensorType.of(DType.F32, 3, 2));
    assertThat(result.toDoubles()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void transpose() {
    assertThat(apply(new ShapeOp.Transpose(List.of(1, 0)), MATRIX).toDoubles())
        .containsExactly(0, 3, 1, 4, 2, 5);
    Literal cube =
        apply(new ShapeOp.Transpose(List.of(2, 0, 1)), Literals.counting(DType.I8, 1, 2, 3));
    assertThat(cube.type()).isEqualTo(TensorType.of(DType.I8, 3, 1, 2));
    assertThat(cube.toDoubles()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void sliceWithStrides() {
    ShapeOp.Slice slice = new ShapeOp.Slice(List.of(1L, 0L), List.of(2L, 3L), List.of(1L, 2L));
    assertThat(apply(slice, MATRIX).toDoubles()).containsExactly(3, 5);
    ShapeOp.Slice empty = new ShapeOp.Slice(List.of(2L, 0L), List.of(2L, 3L), List.of(1L, 1L));
    assertThat(apply(empty, MATRIX).type()).isEqualTo(TensorType.of(DType.F32, 0, 3));
  }

  @Test
  void padLowHighAndInterior() {
    Literal x = Literals.floats(DType.F32, 1, 2, 3);
    Literal value = Literals.scalar(DType.F32, 9);
    assertThat(apply(pad(1, 2, 0), x, value).toDoubles()).containsExactly(9, 1, 2, 3, 9, 9);
    assertThat(apply(pad(0, 0, 1), x, value).toDoubles()).containsExactly(1, 9, 2, 9, 3);
    assertThat(apply(pad(-1, 1, 0), x, value).toDoubles()).containsExactly(2, 3, 9);
    assertThat(apply(pad(-1, -1, 1), x, value).toDoubles()).containsExactly(9, 2, 9);
    assertThat(apply(pad(-4, 3, 0), x, value).toDoubles()).containsExactly(9, 9);
    Literal none = Literals.floats(DType.F32);
    assertThat(apply(pad(1, 1, 2), none, value).toDoubles()).containsExactly(9, 9);
  }

  @Test
  void padOfAMatrixTouchesOnlyItsDim() {
    ShapeOp.Pad op = new ShapeOp.Pad(List.of(0L, 1L), List.of(0L, -1L), List.of(0L, 0L));
    assertThat(apply(op, MATRIX, Literals.scalar(DType.F32, 9)).toDoubles())
        .containsExactly(9, 0, 1, 9, 3, 4);
  }

  @Test
  void concatenateAlongEitherDim() {
    Literal other = Literals.floats(DType.F32, 7, 8);
    Literal column = apply(new ShapeOp.Reshape(Shape.of(2, 1)), other);
    assertThat(apply(new ShapeOp.Concatenate(1), MATRIX, column).toDoubles())
        .containsExactly(0, 1, 2, 7, 3, 4, 5, 8);
    Literal empty = Literal.splat(TensorType.of(DType.F32, 0, 3), 0);
    assertThat(apply(new ShapeOp.Concatenate(0), empty, MATRIX, MATRIX).toDoubles())
        .containsExactly(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void reverse() {
    assertThat(apply(new ShapeOp.Reverse(List.of(1)), MATRIX).toDoubles())
        .containsExactly(2, 1, 0, 5, 4, 3);
    assertThat(apply(new ShapeOp.Reverse(List.of(0, 1)), MATRIX).toDoubles())
        .containsExactly(5, 4, 3, 2, 1, 0);
    assertThat(apply(new ShapeOp.Reverse(List.of()), MATRIX)).isEqualTo(MATRIX);
  }
}
