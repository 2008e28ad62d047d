package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

class SortKernelTest {
  private static final double NAN = Double.NaN;

  private static List<Literal> sort(int dim, boolean descending, Literal... operands) {
    return Interpreter.apply(new IndexOp.Sort(dim, descending), List.of(), List.of(operands));
  }

  @Test
  void equalKeysKeepTheirOrderInBothDirections() {
    Literal keys = Literals.floats(DType.F32, 2, 0.0, 2, -0.0, 1);
    Literal places = Literals.counting(DType.I32, 5);
    assertThat(sort(0, false, keys, places).get(1).toDoubles()).containsExactly(1, 3, 4, 0, 2);
    assertThat(sort(0, true, keys, places).get(1).toDoubles()).containsExactly(0, 2, 4, 1, 3);
  }

  @Test
  void nanComesLastInBothDirections() {
    double inf = Double.POSITIVE_INFINITY;
    Literal keys = Literals.floats(DType.F32, NAN, 1, inf, NAN, -inf);
    assertThat(sort(0, false, keys).getFirst().toDoubles()).containsExactly(-inf, 1, inf, NAN, NAN);
    assertThat(sort(0, true, keys).getFirst().toDoubles()).containsExactly(inf, 1, -inf, NAN, NAN);
  }

  @Test
  void eachLineOfTheDimIsSortedByItself() {
    Literal keys = Literal.ofInts(new int[] {3, 1, 2, 0, 5, 4}, 2, 3);
    assertThat(sort(1, false, keys).getFirst().toDoubles()).containsExactly(1, 2, 3, 0, 4, 5);
    assertThat(sort(0, false, keys).getFirst().toDoubles()).containsExactly(0, 1, 2, 3, 5, 4);
  }

  @Test
  void unsignedKeysSortAsUnsigned() {
    Literal keys = Literals.longs(DType.UI64, -1, 5, 0);
    assertThat(Literals.longsOf(sort(0, false, keys).getFirst())).containsExactly(0, 5, -1);
  }

  @Test
  void nothingToSort() {
    Literal none = Literals.floats(DType.F32);
    assertThat(sort(0, false, none)).containsExactly(none);
  }
}
