package jaxon.autodiff;

import static jaxon.testing.Literals.uniform;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Literal;
import jaxon.testing.GradCheck;
import jaxon.testing.LiveEquations;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RematVjpTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Literal> inputs =
      List.of(
          uniform(random, -1, 1, 2, 3), uniform(random, -1, 1, 3, 3), uniform(random, -1, 1, 3, 2));

  static List<RematPolicy> policies() {
    return List.of(
        RematPolicy.FULL,
        new RematPolicy(true, List.of()),
        new RematPolicy(false, List.of("hidden")),
        new RematPolicy(true, List.of("hidden", "out", "absent")));
  }

  /// Two matmuls with a named activation between them; the second weight is captured.
  private static List<Array> body(Array x, Array w1, Array w2) {
    Array hidden = Ops.dot(x, w1).tanh().named("hidden");
    return List.of(Ops.dot(hidden.square().exp(), w2).named("out").sin());
  }

  private static List<Array> plain(List<Array> args) {
    return body(args.get(0), args.get(1), args.get(2));
  }

  private static List<Array> remat(RematPolicy policy, List<Array> args) {
    return Control.remat(policy, args.subList(0, 2), a -> body(a.get(0), a.get(1), args.get(2)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void gradientsAreTheSameBitForBit(RematPolicy policy) {
    List<Literal> expected = Traced.run(inputs, GradCheck.gradient(RematVjpTest::plain));
    List<Literal> found = Traced.run(inputs, GradCheck.gradient(args -> remat(policy, args)));
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void derivativesAreRight(RematPolicy policy) {
    GradCheck.checkTwice(inputs, args -> remat(policy, args));
  }

  /// Past the barrier the backward pass knows nothing but the region's inputs and the cotangents.
  @Test
  void fullKeepsOnlyTheInputs() {
    Graph graph = gradient(RematPolicy.FULL);
    Equation barrier = barrier(graph);
    List<Var> kept = barrier.inputs().subList(0, barrier.inputs().size() - 1);
    assertThat(kept).containsExactlyInAnyOrderElementsOf(graph.inputs());
    assertThat(LiveEquations.count(graph, RematVjpTest::isTanh)).as("second run").isEqualTo(1);
    assertBackwardReadsOnly(graph, barrier);
  }

  @Test
  void dotsThatAreKeptAreNotComputedAgain() {
    // Two forward dots and four for the cotangents; without the policy the first runs again, the
    // second's result is needed for the sine's slope, so it does too.
    long kept =
        LiveEquations.count(
            gradientAndValue(new RematPolicy(true, List.of())), RematVjpTest::isDot);
    long again = LiveEquations.count(gradientAndValue(RematPolicy.FULL), RematVjpTest::isDot);
    assertThat(kept).isEqualTo(6);
    assertThat(again).isEqualTo(8);
  }

  @Test
  void namedValuesThatAreKeptAreNotComputedAgain() {
    Graph kept = gradientAndValue(new RematPolicy(false, List.of("hidden")));
    // The slope of tanh is made of its result before it was named, which is the same value.
    assertThat(LiveEquations.count(kept, RematVjpTest::isTanh)).isEqualTo(1);
    assertThat(LiveEquations.count(kept, RematVjpTest::isDot)).isEqualTo(2 + 4 + 1);
    Equation barrier = barrier(kept);
    assertThat(barrier.inputs()).hasSize(3 + 1 + 1);
    assertBackwardReadsOnly(kept, barrier);
  }

  @Test
  void theSecondRunStartsBehindABarrierThatTakesTheCotangents() {
    for (RematPolicy policy : policies()) {
      Graph graph = gradient(policy);
      assertThat(LiveEquations.count(graph, RematVjpTest::isBarrier)).isEqualTo(1);
      assertBackwardReadsOnly(graph, barrier(graph));
    }
  }

  @Test
  void rematInScanStacksOnlyTheCarry() {
    UnaryOperator<List<Array>> layers =
        args ->
            Control.scan(
                    2,
                    false,
                    List.of(args.get(0)),
                    List.of(args.get(1)),
                    (carry, w) ->
                        new Control.ScanResult(
                            Control.remat(
                                RematPolicy.FULL,
                                List.of(carry.getFirst(), w.getFirst()),
                                a -> List.of(Ops.dot(a.get(0), a.get(1)).tanh().square().exp())),
                            List.of()))
                .carry();
    List<Literal> stacked = List.of(inputs.get(0), uniform(random, -1, 1, 2, 3, 3));
    GradCheck.checkTwice(stacked, layers);
    Graph graph = Traced.graph(stacked, GradCheck.gradient(layers));
    Equation forward =
        graph.equations().stream().filter(e -> !e.regions().isEmpty()).findFirst().orElseThrow();
    assertThat(forward.outputs()).as("carry and its residual").hasSize(2);
  }

  @Test
  void rematInRemat() {
    GradCheck.checkTwice(
        inputs,
        args ->
            Control.remat(
                new RematPolicy(true, List.of()),
                args,
                a -> List.of(remat(RematPolicy.FULL, a).getFirst().mul(2.0).cos())));
  }

  /// As attention is: a composite whose result is kept by name.
  @Test
  void aNamedResultOfAComposite() {
    RematPolicy policy = new RematPolicy(false, List.of("context"));
    GradCheck.checkTwice(
        inputs.subList(0, 2),
        args ->
            Control.remat(
                policy,
                args,
                a -> {
                  Array context =
                      Control.composite(
                              "test.dot",
                              Map.of(),
                              a,
                              b -> List.of(Ops.dot(b.get(0), b.get(1)).exp()))
                          .getFirst()
                          .named("context");
                  return List.of(context.named("again").square().sin());
                }));
  }

  @Test
  void aResultThatIsAnInputAndOneThatIsNotUsed() {
    GradCheck.check(
        inputs.subList(0, 1),
        args ->
            Control.remat(
                    RematPolicy.FULL,
                    args,
                    a -> List.of(a.getFirst(), a.getFirst().exp(), a.getFirst().tanh()))
                .subList(0, 2));
  }

  private static boolean isDot(Op op) {
    return op instanceof ContractOp.DotGeneral;
  }

  private static boolean isTanh(Op op) {
    return op == UnaryOp.TANH;
  }

  private static boolean isBarrier(Op op) {
    return op instanceof AnnotationOp.OptimizationBarrier;
  }

  private Graph gradient(RematPolicy policy) {
    return Traced.graph(inputs, GradCheck.gradient(args -> remat(policy, args)));
  }

  private Graph gradientAndValue(RematPolicy policy) {
    Graph graph =
        Traced.graph(
            inputs,
            args -> {
              Grad.ValueAndGrad<List<Array>, List<Array>> result =
                  Grad.valueAndGrad(
                      args,
                      p -> new Grad.Objective<>(remat(policy, p).getFirst().sum(), List.of()));
              return Stream.concat(Stream.of(result.loss()), result.grad().stream()).toList();
            });
    assertThat(Interpreter.run(graph, inputs)).hasSize(4);
    return graph;
  }

  private static Equation barrier(Graph graph) {
    return graph.equations().stream()
        .filter(equation -> isBarrier(equation.op()))
        .findFirst()
        .orElseThrow();
  }

  /// Nothing computed before the barrier is read after it, but through it.
  private static void assertBackwardReadsOnly(Graph graph, Equation barrier) {
    List<Equation> live = LiveEquations.of(graph);
    int at = live.indexOf(barrier);
    List<Var> before = live.subList(0, at).stream().flatMap(e -> e.outputs().stream()).toList();
    for (Equation equation : live.subList(at + 1, live.size())) {
      assertThat(equation.inputs()).as("%s", equation).doesNotContainAnyElementsOf(before);
      assertThat(equation.inputs()).as("%s", equation).doesNotContainAnyElementsOf(graph.inputs());
    }
  }
}
