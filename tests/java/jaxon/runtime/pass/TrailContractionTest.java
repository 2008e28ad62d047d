package jaxon.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.testing.GraphListing;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

class TrailContractionTest {
  /// The gradient of a weight: `x[b, s, d]`, `dy[b, s, f] -> [d, f]`.
  private static Graph gradient(DType dtype) {
    return Tracer.traceClosed(
        "gradient",
        List.of(TensorType.of(dtype, 2, 3, 5), TensorType.of(dtype, 2, 3, 7)),
        a -> List.of(Ops.einsum("bsd,bsf->df", a.get(0), a.get(1), DType.F32)));
  }

  @Test
  void contractedDimsOf16BitFloatsGoLast() {
    Graph moved = PassVerifier.verify(new TrailContraction(), gradient(DType.BF16));
    assertThat(GraphListing.ops(moved))
        .containsExactly("transpose", "optimization_barrier", "dot_general");
    assertThat(new TrailContraction().run(moved)).isSameAs(moved);
  }

  @Test
  void widerFloatsStay() {
    Graph graph = gradient(DType.F32);
    assertThat(new TrailContraction().run(graph)).isSameAs(graph);
  }
}
