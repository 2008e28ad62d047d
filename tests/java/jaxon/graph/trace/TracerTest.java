package jaxon.graph.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphVerifier;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class TracerTest {
  private static final TensorType SCALAR = TensorType.of(DType.F32);

  @Test
  void equationsFollowTheCalls() {
    Graph graph =
        Tracer.traceClosed(
            "f", List.of(SCALAR, SCALAR), args -> List.of(args.get(0).add(args.get(1)).neg()));
    assertThat(graph.equations().stream().map(e -> e.op().opName()))
        .containsExactly("stablehlo.add", "stablehlo.negate");
    assertThat(graph.type()).hasToString("[f32[], f32[]] -> [f32[]]");
    assertThat(graph).hasToString("graph f: [f32[], f32[]] -> [f32[]], 2 equations");
  }

  @Test
  void capturesReachThroughScanAndCondInsideRemat() {
    List<Literal> results =
        Traced.run(
            args -> {
              Array scale = args.get(0);
              Array shift = args.get(1).mul(10.0);
              return Control.remat(
                  RematPolicy.FULL,
                  List.of(args.get(2)),
                  region -> {
                    Array inner = region.getFirst().add(shift);
                    ScanResult scan =
                        Control.scan(
                            3,
                            false,
                            List.of(inner),
                            List.of(Ops.arange(DType.F32, 3)),
                            (carry, x) -> step(carry.getFirst(), x.getFirst(), scale, inner));
                    return List.of(scan.carry().getFirst(), scan.ys().getFirst());
                  });
            },
            Literals.scalar(DType.F32, 2),
            Literals.scalar(DType.F32, 1),
            Literals.scalar(DType.F32, 5));

    double inner = 15;
    double carry = inner;
    double[] ys = new double[3];
    for (int i = 0; i < 3; i++) {
      carry = i > 0 ? carry * 2 + i : carry - inner;
      ys[i] = carry * 2;
    }
    assertThat(results.get(0).get(0)).isEqualTo(carry);
    assertThat(results.get(1).toDoubles()).containsExactly(ys);
  }

  private static ScanResult step(Array carry, Array x, Array scale, Array inner) {
    Array next =
        Control.cond(
                x.gt(Ops.zeros(x.type())),
                List.of(carry),
                c -> List.of(c.getFirst().mul(scale).add(x)),
                c -> List.of(c.getFirst().sub(inner)))
            .getFirst();
    return new ScanResult(List.of(next), List.of(next.mul(scale)));
  }

  @Test
  void aCaptureIsTakenOnceHoweverOftenItIsUsed() {
    Graph graph =
        Tracer.traceClosed(
            "f",
            List.of(SCALAR, SCALAR),
            args ->
                Control.remat(
                    RematPolicy.FULL,
                    List.of(args.get(0)),
                    region -> List.of(region.getFirst().add(args.get(1)).mul(args.get(1)))));
    Equation remat = graph.equations().getFirst();
    assertThat(remat.inputs()).containsExactly(graph.inputs().get(1), graph.inputs().get(0));
    assertThat(remat.regions().getFirst().inputs()).hasSize(2);
  }

  @Test
  void everyRegionIsClosed() {
    Graph graph =
        Tracer.traceClosed(
            "f",
            List.of(SCALAR),
            args ->
                Control.cond(
                    args.getFirst().gt(Ops.constant(DType.F32, 0)),
                    List.of(),
                    _ -> List.of(args.getFirst()),
                    _ -> List.of(Ops.constant(DType.F32, 7))));
    Equation branches = graph.equations().getLast();
    for (Graph region : branches.regions()) {
      assertThat(region.inputs()).doesNotContainAnyElementsOf(graph.inputs());
      GraphVerifier.verify(region, "test");
    }
  }

  @Test
  void anArrayThatEscapedItsTraceIsRefused() {
    List<Array> escaped = new ArrayList<>();
    Tracer.traceClosed(
        "first",
        List.of(SCALAR),
        args -> {
          escaped.add(args.getFirst());
          return args;
        });
    assertThatThrownBy(() ->
            Tracer.traceClosed(
                "second", List.of(SCALAR), args -> List.of(args.get(0).add(escaped.get(0)))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("an Array of type f32[]")
        .hasMessageContaining("outside the function that it was traced in");
  }

  @Test
  void anArrayOfARegionMayNotBeUsedOutsideIt() {
    List<Array> escaped = new ArrayList<>();
    assertThatThrownBy(() ->
            Tracer.traceClosed(
                "outer",
                List.of(SCALAR),
                args -> {
                  Control.remat(
                      RematPolicy.FULL,
                      args,
                      region -> {
                        escaped.add(region.getFirst().exp());
                        return region;
                      });
                  return List.of(escaped.getFirst().neg());
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("outside the function");
  }

  @Test
  void functionsThatMayNotCaptureSayWhatToDo() {
    assertThatThrownBy(() ->
            Tracer.traceClosed(
                "f",
                List.of(SCALAR),
                args ->
                    Control.customVjp(
                        "g",
                        List.of(),
                        _ -> List.of(args.getFirst()),
                        _ -> List.of(args.getFirst()),
                        _ -> List.of())))
        .hasMessageContaining("pass it as an operand");
    assertThatThrownBy(() ->
            Tracer.traceClosed(
                "f",
                List.of(SCALAR),
                args -> Control.composite("g", Map.of(), List.of(), _ -> List.of(args.get(0)))))
        .hasMessageContaining("composite g must take all it uses as operands");
  }

  @Test
  void aPlaceholderHasNoValue() {
    Array placeholder = Array.placeholder(SCALAR);
    assertThat(placeholder.type()).isEqualTo(SCALAR);
    assertThatThrownBy(() ->
            Tracer.traceClosed("f", List.of(SCALAR), args -> List.of(args.get(0).add(placeholder))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a placeholder of type f32[] has no value");
  }

  @Test
  void outsideATraceThereIsAdvice() {
    assertThatThrownBy(() -> Ops.constant(DType.F32, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("outside a trace")
        .hasMessageContaining("Program");
  }

  @Test
  void aClosedTraceInsideAnotherIsIndependentAndMayBeInlined() {
    Literal result =
        Traced.one(
            args -> {
              Graph square =
                  Tracer.traceClosed(
                      "square", List.of(SCALAR), inner -> List.of(inner.getFirst().square()));
              return Tracer.current().inline(square, args).getFirst().add(1);
            },
            Literals.scalar(DType.F32, 3));
    assertThat(result.get(0)).isEqualTo(10);
  }
}
