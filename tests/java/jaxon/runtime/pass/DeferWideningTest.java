package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

class DeferWideningTest {
  private static Graph scan(DType stacked) {
    TensorType xs = TensorType.of(DType.BF16, 4, 3);
    return Traced.ofList(
        List.of(xs),
        args ->
            Control.scan(
                    4,
                    false,
                    List.of(),
                    args,
                    (_, slices) -> {
                      Array y = slices.getFirst().exp();
                      return new Control.ScanResult(List.of(), List.of(y.astype(stacked), y));
                    })
                .ys());
  }

  @Test
  void stackedResultsAreWidenedAfterTheScan() {
    Graph graph = PassVerifier.verify(new DeferWidening(), scan(DType.F32));
    assertThat(GraphListing.ops(graph)).containsExactly("scan", "convert");
    assertThat(graph.equations().getFirst().outputs().getFirst().type().dtype())
        .isEqualTo(DType.BF16);
  }

  @Test
  void conversionsThatRoundStay() {
    Graph graph = scan(DType.F16);
    assertThat(PassVerifier.verify(new DeferWidening(), graph)).isEqualTo(graph);
  }
}
