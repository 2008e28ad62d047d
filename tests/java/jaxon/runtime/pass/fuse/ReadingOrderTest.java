package jaxon.runtime.pass.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.testing.RandomGraphs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Readers keep higher numbers than what they read, whatever becomes one loop.
class ReadingOrderTest {
  private static final int GRAPHS = Integer.getInteger("jaxon.test.graphs", 60);

  private static Graph twoBranches() {
    return Tracer.traceClosed(
        "f",
        List.of(TensorType.of(DType.F32, 8)),
        inputs -> {
          Array x = inputs.getFirst();
          Array a = x.exp();
          Array b = a.log();
          Array c = x.sqrt();
          Array d = c.tanh();
          return List.of(b.add(d));
        });
  }

  @Test
  void whatTheEarlierPartOfANewLoopFeedsMovesBehindIt() {
    Uses uses = new Uses(twoBranches());
    Membership membership = new Membership(uses.size());
    ReadingOrder order = new ReadingOrder(uses, membership);
    LoopGroup loop = new Joining(uses).start(0);
    membership.add(0, loop);

    order.contract(0, 3);
    loop.members.put(3, Level.FULL);
    membership.add(3, loop);

    assertThat(order.number(2)).isLessThan(order.number(loop));
    assertThat(order.number(loop)).isLessThan(order.number(1));
    assertThat(order.number(1)).isLessThan(order.number(4));
  }

  @Test
  void ordersTheLoopsOfRandomGraphs() {
    int edges = 0;
    for (int seed = 0; seed < GRAPHS; seed++) {
      edges += checkOrder(RandomGraphs.graph(seed));
    }
    assertThat(edges).isGreaterThan(GRAPHS);
  }

  private static int checkOrder(Graph graph) {
    Uses uses = new Uses(graph);
    Clustering clustering = new Clustering(graph, uses);
    clustering.run();
    Membership membership = clustering.membership();
    int edges = 0;
    for (int reader = 0; reader < uses.size(); reader++) {
      for (int producer : uses.producers(reader)) {
        int from = number(clustering.order(), membership.owner(producer), producer);
        List<LoopGroup> loops = membership.groups(reader);
        for (LoopGroup loop : loops) {
          if (!loop.members.containsKey(producer)) {
            assertThat(clustering.order().number(loop)).isGreaterThan(from);
            edges++;
          }
        }
        if (loops.isEmpty() && uses.kind(reader) != Kind.VIEW) {
          assertThat(clustering.order().number(reader)).isGreaterThan(from);
          edges++;
        }
      }
    }
    return edges;
  }

  private static int number(ReadingOrder order, @Nullable LoopGroup loop, int equation) {
    return loop == null ? order.number(equation) : order.number(loop);
  }
}
