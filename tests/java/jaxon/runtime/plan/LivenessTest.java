package jaxon.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final TensorType X = TensorType.of(DType.F32, 4);

  /// `a = exp(x); unused = -x; b = a + x; return b`, with an input y that nothing reads.
  private static Graph graph() {
    return Tracer.traceClosed(
        "f",
        List.of(X, X),
        args -> {
          Array a = args.get(0).exp();
          args.get(0).neg();
          return List.of(a.add(args.get(0)));
        });
  }

  @Test
  void findsTheLastUseOfEachValue() {
    Graph graph = graph();
    Liveness liveness = Liveness.of(graph);
    assertThat(liveness.lastUse(graph.inputs().get(0))).isEqualTo(2);
    assertThat(liveness.lastUse(graph.inputs().get(1))).isEqualTo(-1);
    assertThat(liveness.lastUse(graph.equations().get(0).output())).isEqualTo(2);
    assertThat(liveness.lastUse(graph.equations().get(1).output())).isEqualTo(1);
    assertThat(liveness.lastUse(graph.outputs().getFirst())).isEqualTo(3);
  }

  @Test
  void listsWhatDiesInOrderOfDefinition() {
    Graph graph = graph();
    Liveness liveness = Liveness.of(graph);
    assertThat(liveness.dyingAt(0)).isEmpty();
    assertThat(liveness.dyingAt(1)).containsExactly(graph.equations().get(1).output());
    assertThat(liveness.dyingAt(2))
        .containsExactly(graph.inputs().getFirst(), graph.equations().getFirst().output());
  }

  @Test
  void refusesValuesOfOtherPrograms() {
    assertThatThrownBy(() -> Liveness.of(graph()).lastUse(new Var(X)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not of this program");
  }
}
