package jaxon.runtime.pass.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.PassVerifier;
import org.junit.jupiter.api.Test;

/// Where loops round bf16 values, and where they do not.
class KeepPrecisionTest {
  private static final TensorType X = TensorType.of(DType.BF16, 5, 33);
  private static final TensorType F = TensorType.of(DType.F32, 5, 33);

  private static Graph loops(TensorType type, Function<List<Array>, List<Array>> function) {
    Graph graph = Tracer.traceClosed("test", List.of(type, type, type), function);
    return new FuseLoops().run(graph);
  }

  private static List<Literal> inputs(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> Literal.generate(X, _ -> random.nextDouble(-2, 2)))
        .limit(3)
        .toList();
  }

  private static List<Literal> run(Graph graph, List<Literal> inputs) {
    Graph widened = new KeepPrecision().run(graph);
    assertThat(widened.type()).isEqualTo(graph.type());
    return Interpreter.run(widened, inputs);
  }

  private static List<Literal> wide(List<Literal> inputs) {
    return inputs.stream().map(x -> Literal.generate(F, x::get)).toList();
  }

  @Test
  void aChainIsRoundedOnce() {
    Function<List<Array>, List<Array>> chain =
        in -> List.of(in.get(0).mul(in.get(1)).add(in.get(2)).logistic().mul(in.get(0)));
    List<Literal> inputs = inputs(3);
    Literal found = run(loops(X, chain), inputs).getFirst();
    Literal exact =
        Interpreter.run(Tracer.traceClosed("f32", List.of(F, F, F), chain), wide(inputs))
            .getFirst();
    for (long i = 0; i < F.shape().elements(); i++) {
      assertThat(found.get(i)).isEqualTo(DType.BF16.round(exact.get(i)));
    }
    Graph body =
        new KeepPrecision().run(loops(X, chain)).equations().getFirst().regions().getFirst();
    assertThat(body.equations().stream().filter(KeepPrecisionTest::isRounding)).hasSize(1);
  }

  private static boolean isRounding(Equation equation) {
    return equation.op().equals(new ElementwiseOp.Convert(DType.BF16));
  }

  @Test
  void whatIsWrittenIsWhatIsRead() {
    Graph graph =
        loops(
            X,
            in -> {
              Array product = in.get(0).mul(in.get(1));
              return List.of(product, product.sub(in.get(2)));
            });
    List<Literal> inputs = inputs(4);
    List<Literal> found = run(graph, inputs);
    for (long i = 0; i < X.shape().elements(); i++) {
      double difference = found.get(0).get(i) - inputs.get(2).get(i);
      assertThat(found.get(1).get(i)).isEqualTo(DType.BF16.round(difference));
    }
  }

  @Test
  void comparisonsSeeRoundedValues() {
    // Each row's largest product is found among its products again, though both are computed.
    Graph graph =
        loops(
            X,
            in -> {
              Array product = in.get(0).mul(in.get(1));
              Array most = product.maxOver(1).reshape(5, 1);
              return List.of(product.eq(most).astype(DType.F32).sum(1));
            });
    Literal found = run(graph, inputs(5)).getFirst();
    for (long row = 0; row < found.type().shape().elements(); row++) {
      assertThat(found.get(row)).isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void f32IsLeftAlone() {
    Graph graph = loops(F, in -> List.of(in.get(0).mul(in.get(1)).sub(in.get(2)).tanh()));
    assertThat(new KeepPrecision().run(graph)).isSameAs(graph);
  }

  @Test
  void randomChainsStayWithinTheRoundingsTheyLeaveOut() {
    Graph graph =
        loops(
            X,
            in -> {
              Array x = in.get(0).mul(in.get(1)).abs().add(in.get(2).mul(in.get(2)));
              return List.of(x.tanh(), x.sum(0), x.astype(DType.F32).mul(x.astype(DType.F32)));
            });
    PassVerifier.verify(new KeepPrecision(), graph, 0x1p-4);
  }
}
