package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import org.junit.jupiter.api.Test;

class ScatterOrderTest {
  @Test
  void overlappingWindowsAreWrittenOneAfterTheOther() {
    // updates[offset, batch]: the window dim comes first, so windows interleave in memory.
    IndexOp.GatherDims dims =
        new IndexOp.GatherDims(List.of(0), List.of(), List.of(), List.of(), List.of(0), 1);
    Literal operand = Literal.ofFloats(new float[] {0, 0, 0, 0}, 4);
    Literal indices = Literal.ofInts(new int[] {1, 0}, 2, 1);
    Literal updates = Literal.ofFloats(new float[] {1, 2, 1, 2}, 2, 2);
    Literal result =
        Interpreter.apply(
                new IndexOp.Scatter(dims, IndexOp.Combiner.SET),
                List.of(),
                List.of(operand, indices, updates))
            .getFirst();
    assertThat(result.type().dtype()).isEqualTo(DType.F32);
    assertThat(result.toDoubles()).containsExactly(2, 2, 1, 0);
  }
}
