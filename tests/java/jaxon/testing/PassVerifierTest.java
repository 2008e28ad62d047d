package jaxon.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.pass.Pass;
import org.junit.jupiter.api.Test;

class PassVerifierTest {
  private static final TensorType X = TensorType.of(DType.F32, 8);

  private record Planted(String name, UnaryOperator<Graph> rewrite) implements Pass {
    @Override
    public Graph run(Graph graph) {
      return rewrite.apply(graph);
    }
  }

  private static Graph addZero() {
    return Tracer.traceClosed("f", List.of(X), args -> List.of(args.getFirst().add(0)));
  }

  @Test
  void findsThatAddingZeroIsNotTheIdentity() {
    Pass pass =
        new Planted("DropAddZero", g -> new Graph(g.name(), g.inputs(), List.of(), g.inputs()));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                PassVerifier.verify(
                    pass,
                    Tracer.traceClosed(
                        "f",
                        List.of(TensorType.of(DType.F32, 50)),
                        args -> List.of(args.getFirst().add(0))));
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("DropAddZero changed output 0")
        .hasMessageContaining("-0.0");
  }

  @Test
  void findsASwappedOperand() {
    Pass pass = new Planted("SwapSubtract", PassVerifierTest::swapOperands);
    Graph graph =
        Tracer.traceClosed("f", List.of(X, X), args -> List.of(args.get(0).sub(args.get(1))));
    assertThatThrownBy(() -> PassVerifier.verify(pass, graph))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("SwapSubtract");
  }

  private static Graph swapOperands(Graph graph) {
    List<Equation> swapped =
        graph.equations().stream()
            .map(e ->
                e.op() == BinaryOp.SUBTRACT
                    ? new Equation(
                        e.op(), e.inputs().reversed(), e.outputs(), e.regions(), e.source())
                    : e)
            .toList();
    return new Graph(graph.name(), graph.inputs(), swapped, graph.outputs());
  }

  @Test
  void findsAnIllegalGraph() {
    Pass pass = new Planted("Empty", g -> new Graph(g.name(), g.inputs(), List.of(), g.outputs()));
    assertThatThrownBy(() -> PassVerifier.verify(pass, addZero()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after Empty");
  }

  @Test
  void aToleranceForgivesRounding() {
    Graph graph = Tracer.traceClosed("f", List.of(X), args -> List.of(args.getFirst().exp()));
    Graph rounded =
        Tracer.traceClosed(
            "f",
            List.of(X),
            args -> List.of(args.getFirst().exp().astype(DType.BF16).astype(DType.F32)));
    Pass pass = new Planted("Round", _ -> rounded);
    assertThatThrownBy(() -> PassVerifier.verify(pass, graph)).isInstanceOf(AssertionError.class);
    assertThatCode(() -> PassVerifier.verify(pass, graph, 0.01)).doesNotThrowAnyException();
  }
}
