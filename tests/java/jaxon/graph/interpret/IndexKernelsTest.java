package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexKernelsTest {
  private static final Literal MATRIX = Literals.counting(DType.F32, 3, 4);

  private static Literal start(int value) {
    return Literal.ofInts(new int[] {value});
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 5", "-7, 0, 0", "2, 9, 6", "0, 2, 2", "2147483647, -2147483648, 4"})
  void dynamicSliceMovesTheWindowInside(int row, int column, double first) {
    IndexOp op = new IndexOp.DynamicSlice(List.of(2L, 2L));
    Literal result =
        Interpreter.apply(op, List.of(), List.of(MATRIX, start(row), start(column))).getFirst();
    assertThat(result.toDoubles()).containsExactly(first, first + 1, first + 4, first + 5);
  }

  @Test
  void dynamicSliceOfAScalarIsTheScalar() {
    IndexOp op = new IndexOp.DynamicSlice(List.of());
    Literal scalar = Literals.scalar(DType.F32, 3);
    assertThat(Interpreter.apply(op, List.of(), List.of(scalar)).getFirst()).isEqualTo(scalar);
  }

  @Test
  void dynamicUpdateSliceMovesTheWindowInside() {
    Literal update = Literal.ofFloats(new float[] {-1, -2}, 1, 2);
    List<Literal> operands = List.of(MATRIX, update, start(1), start(100));
    Literal result =
        Interpreter.apply(new IndexOp.DynamicUpdateSlice(), List.of(), operands).getFirst();
    assertThat(result.toDoubles()).containsExactly(0, 1, 2, 3, 4, 5, -1, -2, 8, 9, 10, 11);
    assertThat(MATRIX.toDoubles()[6]).as("the operand is unchanged").isEqualTo(6);
  }

  @Test
  void anEmptyUpdateChangesNothing() {
    Literal update = Literal.splat(TensorType.of(DType.F32, 0, 4), 0);
    List<Literal> operands = List.of(MATRIX, update, start(9), start(0));
    assertThat(Interpreter.apply(new IndexOp.DynamicUpdateSlice(), List.of(), operands))
        .containsExactly(MATRIX);
  }
}
