package jaxon.runtime.lower;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.RandomLiterals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class ShapeOpTest {
  private final SplittableRandom random = new SplittableRandom(3);
  private final OpCheck check = new OpCheck();

  private List<Literal> cube(DType dtype) {
    return List.of(RandomLiterals.of(TensorType.of(dtype, 3, 17, 5), random));
  }

  @Test
  void movesElementsOfEveryWidth() {
    for (DType dtype : DType.values()) {
      check.check(
          "movement " + dtype,
          cube(dtype),
          a -> {
            Array x = a.getFirst();
            return List.of(
                x.transpose(2, 0, 1),
                x.transpose(1, 0, 2).reshape(17, 15),
                x.reshape(51, 5).transpose(1, 0).reshape(255),
                x.slice(1, 2, 16).reverse(0, 1, 2),
                x.slice(0, 1, 2).broadcastInDim(Shape.of(3, 17, 5), 0, 1, 2).transpose(1, 2, 0),
                Ops.concatenate(1, List.of(x.slice(1, 3, 4), x, x.reverse(1))));
          });
    }
    check.verify();
  }

  @Test
  void slicesWithSteps() {
    ShapeOp.Slice op =
        new ShapeOp.Slice(List.of(0L, 1L, 1L), List.of(3L, 17L, 5L), List.of(2L, 5L, 3L));
    check.check("slice", cube(DType.F32), a -> List.of(Traced.emit(op, a.getFirst())));
    check.verify();
  }

  @Test
  void padsInEveryDirection() {
    pad(List.of(1L, 0L, 2L), List.of(0L, 3L, 1L), List.of(0L, 0L, 0L));
    pad(List.of(0L, 1L, 0L), List.of(2L, 0L, 0L), List.of(1L, 2L, 3L));
    pad(List.of(-1L, 2L, -2L), List.of(0L, -4L, 1L), List.of(0L, 1L, 1L));
    pad(List.of(-3L, 0L, 0L), List.of(4L, 0L, 0L), List.of(0L, 0L, 0L));
    pad(List.of(-2L, -1L, 0L), List.of(-1L, 0L, 0L), List.of(0L, 0L, 0L));
    check.verify();
  }

  private void pad(List<Long> low, List<Long> high, List<Long> interior) {
    for (DType dtype : List.of(DType.F32, DType.BF16, DType.I64, DType.I1)) {
      ShapeOp.Pad op = new ShapeOp.Pad(low, high, interior);
      check.check(
          "pad " + low + high + interior + dtype,
          cube(dtype),
          a -> {
            Array value = Ops.constant(Literal.splat(TensorType.of(dtype), 1));
            return List.of(Traced.emit(op, a.getFirst(), value));
          });
    }
  }

  @Test
  void iotaAndConstants() {
    check.check(
        "sources",
        List.of(),
        a -> {
          TensorType floats = TensorType.of(DType.BF16, 3, 4);
          return List.of(
              Ops.iota(floats, 0),
              Ops.iota(TensorType.of(DType.UI8, 2, 300), 1),
              Ops.constant(Literal.splat(floats, 2.5)),
              Ops.full(TensorType.of(DType.I64, 0, 2), 3),
              Ops.constant(Literal.ofInts(new int[] {1, 2, 3}, 3)));
        });
    check.verify();
  }
}
