package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

class SwapDotsTest {
  private static final TensorType A = TensorType.of(DType.F32, 2, 3, 4);
  private static final TensorType B = TensorType.of(DType.F32, 2, 5, 6, 4);

  private static Array product(List<Array> args) {
    return Ops.einsum("bik,bjlk->bijl", args.get(0), args.get(1)); // [2, 3, 5, 6]
  }

  @Test
  void aTransposeThatSwapsTheSidesIsAbsorbed() {
    Graph graph =
        Traced.ofList(List.of(A, B), args -> List.of(product(args).transpose(0, 2, 3, 1)));
    Graph swapped = PassVerifier.verify(new SwapDots(), graph);
    assertThat(GraphListing.ops(new EliminateDead().run(swapped))).containsExactly("dot_general");
  }

  @Test
  void otherTransposesStay() {
    Graph graph =
        Traced.ofList(List.of(A, B), args -> List.of(product(args).transpose(0, 3, 2, 1)));
    assertThat(PassVerifier.verify(new SwapDots(), graph)).isEqualTo(graph);
  }

  @Test
  void aProductThatIsReadTwiceIsNotComputedTwice() {
    Graph graph =
        Traced.ofList(
            List.of(A, B),
            args -> {
              Array product = product(args);
              return List.of(product, product.transpose(0, 2, 3, 1));
            });
    assertThat(PassVerifier.verify(new SwapDots(), graph)).isEqualTo(graph);
  }
}
