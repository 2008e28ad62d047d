package jaxon.graph.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.GraphVerifier;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LowerScanTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void randomScansKeepTheirResults(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int length = random.nextInt(5);
    int carries = random.nextInt(3);
    int xs = random.nextInt(3);
    boolean reverse = random.nextBoolean();
    List<Literal> inputs = new ArrayList<>();
    for (int i = 0; i < 1 + carries + xs; i++) {
      boolean scanned = i > carries;
      inputs.add(
          scanned
              ? Literals.uniform(random, -1, 1, length, 3)
              : Literals.uniform(random, -1, 1, 3));
    }
    Graph graph =
        Traced.graph(
            inputs,
            args ->
                all(
                    Control.scan(
                        length,
                        reverse,
                        args.subList(1, 1 + carries),
                        args.subList(1 + carries, args.size()),
                        (carry, x) -> step(args.getFirst(), carry, x))));
    assertLowered(graph, inputs);
  }

  /// Mixes a captured value, the carry and the slices, and gives two results of other shapes.
  private static Control.ScanResult step(Array constant, List<Array> carry, List<Array> x) {
    Array sum = constant;
    for (Array slice : x) {
      sum = sum.add(slice);
    }
    List<Array> next = new ArrayList<>();
    for (Array value : carry) {
      sum = sum.mul(value).add(constant);
      next.add(sum);
    }
    return new Control.ScanResult(next, List.of(sum.sum(), sum.reshape(3, 1)));
  }

  private static List<Array> all(Control.ScanResult result) {
    List<Array> all = new ArrayList<>(result.carry());
    all.addAll(result.ys());
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void scansInsideOtherRegionsAreLoweredToo(boolean reverse) {
    SplittableRandom random = new SplittableRandom(1);
    List<Literal> inputs =
        List.of(Literals.uniform(random, -1, 1, 3), Literals.uniform(random, -1, 1, 2, 4, 3));
    Graph graph =
        Traced.graph(
            inputs,
            args ->
                all(
                    Control.scan(
                        2,
                        reverse,
                        args.subList(0, 1),
                        args.subList(1, 2),
                        (carry, x) ->
                            new Control.ScanResult(
                                Control.remat(
                                    RematPolicy.FULL,
                                    List.of(carry.get(0), x.get(0)),
                                    pair -> inner(!reverse, pair)),
                                List.of()))));
    assertLowered(graph, inputs);
  }

  private static List<Array> inner(boolean reverse, List<Array> pair) {
    return Control.scan(
            4,
            reverse,
            pair.subList(0, 1),
            pair.subList(1, 2),
            (carry, x) ->
                new Control.ScanResult(List.of(carry.get(0).sin().add(x.get(0))), List.of()))
        .carry();
  }

  private static void assertLowered(Graph graph, List<Literal> inputs) {
    Graph lowered = LowerScan.apply(graph);
    GraphVerifier.verify(lowered, "LowerScan");
    assertThat(hasScan(graph)).isTrue();
    assertThat(hasScan(lowered)).isFalse();
    assertThat(lowered.type()).isEqualTo(graph.type());
    assertThat(Interpreter.run(lowered, inputs)).isEqualTo(Interpreter.run(graph, inputs));
  }

  private static boolean hasScan(Graph graph) {
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof ControlOp.Scan
          || equation.regions().stream().anyMatch(LowerScanTest::hasScan)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aGraphWithoutScansStaysTheSame() {
    Graph graph =
        Tracer.traceClosed(
            "plain", List.of(TensorType.of(DType.F32)), args -> List.of(args.get(0).sin()));
    assertThat(LowerScan.apply(graph)).isSameAs(graph);
  }

  @Test
  void resultsOfEveryDtypeStartAsZeros() {
    for (DType dtype : DType.values()) {
      List<Literal> inputs = List.of(Literal.splat(TensorType.of(dtype, 2), 1));
      Graph graph =
          Traced.graph(
              inputs,
              args ->
                  all(
                      Control.scan(
                          3,
                          false,
                          List.of(),
                          List.of(),
                          (_, _) -> new Control.ScanResult(List.of(), args))));
      assertLowered(graph, inputs);
    }
  }

  @Test
  void moreStepsThanTheCounterCanCountAreRefused() {
    long length = 1L << 32;
    GraphBuilder body = new GraphBuilder();
    Var carry = body.input(TensorType.of(DType.F32));
    GraphBuilder builder = new GraphBuilder();
    Var init = builder.input(TensorType.of(DType.F32));
    List<Var> results =
        builder.emit(
            new ControlOp.Scan(length, 0, 1, false),
            List.of(init),
            List.of(body.build("body", List.of(carry))));
    Graph graph = builder.build("long", results);
    assertThatThrownBy(() -> LowerScan.apply(graph))
        .hasMessageContaining("a scan of length " + length)
        .hasMessageContaining("at most 2147483647");
  }
}
