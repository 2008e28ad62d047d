package jaxon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import org.junit.jupiter.api.Test;

class RandomGraphsTest {
  @Test
  void aSeedGivesOneGraph() {
    assertThat(GraphListing.of(RandomGraphs.graph(5)))
        .isEqualTo(GraphListing.of(RandomGraphs.graph(5)))
        .isNotEqualTo(GraphListing.of(RandomGraphs.graph(6)));
  }

  @Test
  void coversTheOpSet() {
    Set<String> seen = new TreeSet<>();
    for (int seed = 0; seed < 200; seed++) {
      collect(RandomGraphs.graph(seed), seen);
    }
    assertThat(seen)
        .contains(
            "add",
            "select",
            "compare",
            "clamp",
            "convert",
            "bitcast_convert",
            "erf",
            "constant",
            "iota",
            "broadcast_in_dim",
            "reshape",
            "transpose",
            "slice",
            "pad",
            "concatenate",
            "reverse",
            "dynamic_slice",
            "dynamic_update_slice",
            "gather",
            "scatter",
            "sort")
        .contains(
            "dot_general",
            "reduce",
            "while",
            "case",
            "scan",
            "composite",
            "custom_vjp",
            "remat",
            "name",
            "stop_gradient",
            "sharding_constraint",
            "optimization_barrier");
  }

  private static void collect(Graph graph, Set<String> seen) {
    seen.addAll(GraphListing.ops(graph));
    for (Equation equation : graph.equations()) {
      equation.regions().forEach(region -> collect(region, seen));
    }
  }
}
