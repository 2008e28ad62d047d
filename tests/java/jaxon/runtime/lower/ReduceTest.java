package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.op.ReduceOp.Reduce;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.testing.RandomLiterals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class ReduceTest {
  private final SplittableRandom random = new SplittableRandom(11);
  private final OpCheck check = new OpCheck();

  private static boolean isLegal(Kind kind, DType dtype) {
    return (kind == Kind.AND || kind == Kind.OR) == (dtype == DType.I1);
  }

  @Test
  void everyKindOverEverySetOfDims() {
    for (DType dtype : DType.values()) {
      Literal x = RandomLiterals.of(TensorType.of(dtype, 3, 5, 7), random);
      for (Kind kind : Kind.values()) {
        if (isLegal(kind, dtype)) {
          for (int mask = 0; mask < 8; mask++) {
            reduce(kind + " " + dtype, kind, x, mask);
          }
        }
      }
    }
    check.verify();
  }

  private void reduce(String name, Kind kind, Literal x, int mask) {
    List<Integer> dims = new ArrayList<>();
    for (int dim = 0; dim < 3; dim++) {
      if ((mask >> dim & 1) == 1) {
        dims.add(dim);
      }
    }
    Reduce op = new Reduce(kind, dims);
    List<Literal> inputs = List.of(x);
    check.check(name + dims, inputs, a -> List.of(Traced.emit(op, a.getFirst())));
    check.check(
        name + " transposed " + dims,
        inputs,
        a -> List.of(Traced.emit(op, a.getFirst().transpose(1, 2, 0))));
    check.check(
        name + " repeated " + dims,
        inputs,
        a ->
            List.of(
                Traced.emit(
                    op, a.getFirst().slice(1, 2, 3).broadcastInDim(Shape.of(3, 5, 7), 0, 1, 2))));
  }

  @Test
  void longRowsAndEmptyOnes() {
    TensorType type = TensorType.of(DType.F32, 2, 30011);
    Literal x = Literal.generate(type, _ -> random.nextDouble());
    List<Literal> inputs = List.of(x);
    check.check("long sums", inputs, a -> List.of(a.getFirst().mean(1), a.getFirst().mean()));
    check.check(
        "long extremes", inputs, a -> List.of(a.getFirst().maxOver(1), a.getFirst().minOver()));
    Literal empty = Literal.ofFloats(new float[0], 0, 3);
    check.check(
        "empty",
        List.of(empty),
        a ->
            List.of(
                a.getFirst().sum(0),
                a.getFirst().maxOver(0),
                a.getFirst().prod(),
                a.getFirst().sum(1)));
    check.verify();
  }
}
