package jaxon.graph.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class InterpreterTest {
  private static final TensorType BF16_PAIR = TensorType.of(DType.BF16, 2);

  private static Graph thirdAndSquare() {
    return Tracer.traceClosed(
        "third", List.of(BF16_PAIR), args -> List.of(args.getFirst().div(3.0).square()));
  }

  @Test
  void eachOpRoundsOnceToItsDtype() {
    Literal x = Literals.floats(DType.BF16, 1, 2);
    Literal result = Interpreter.run(thirdAndSquare(), List.of(x)).getFirst();
    double third = DType.BF16.round(1.0 / 3);
    assertThat(result.type()).isEqualTo(BF16_PAIR);
    assertThat(result.get(0)).isEqualTo(DType.BF16.round(third * third));
  }

  @Test
  void inFloat64NothingIsRounded() {
    double third = 1.0 / 3;
    for (DType given : List.of(DType.BF16, DType.F64)) {
      Literal x = Literals.floats(given, 1, 2);
      Literal result = Interpreter.runInFloat64(thirdAndSquare(), List.of(x)).getFirst();
      assertThat(result.type()).isEqualTo(TensorType.of(DType.F64, 2));
      assertThat(result.get(0)).isEqualTo(third * third);
    }
  }

  @Test
  void inFloat64ConversionsDotsAndSumsKeepTheirDoubles() {
    Graph graph =
        Tracer.traceClosed(
            "dot",
            List.of(TensorType.of(DType.F32, 2)),
            args -> {
              Array x = args.getFirst().astype(DType.BF16);
              return List.of(Ops.dot(x, x), x.sum(), x.astype(DType.I32));
            });
    Literal x = Literals.floats(DType.F64, 0.1, 1.999999999);
    List<Literal> results = Interpreter.runInFloat64(graph, List.of(x));
    assertThat(results.get(0).get(0)).isEqualTo(0.1 * 0.1 + 1.999999999 * 1.999999999);
    assertThat(results.get(1).get(0)).isEqualTo(0.1 + 1.999999999);
    assertThat(results.get(2)).isEqualTo(Literals.longs(DType.I32, 0, 1));
  }

  @Test
  void inFloat64BitsAreThoseOfTheDeclaredDtype() {
    Graph graph =
        Tracer.traceClosed(
            "bits",
            List.of(TensorType.of(DType.F32)),
            args -> List.of(args.getFirst().div(3.0).bitcast(DType.UI32)));
    Literal one = Literals.scalar(DType.F32, 1);
    assertThat(Interpreter.runInFloat64(graph, List.of(one)).getFirst().getLong(0))
        .isEqualTo(Float.floatToRawIntBits(1f / 3));
  }

  @Test
  void constantsAndIotas() {
    List<Literal> results =
        Traced.run(_ ->
            List.of(
                Ops.full(TensorType.of(DType.F16, 2), 0.1),
                Ops.iota(TensorType.of(DType.I32, 2, 3), 1),
                Ops.iota(TensorType.of(DType.I32, 2, 3), 0),
                Ops.iota(TensorType.of(DType.BF16, 258), 0),
                Ops.iota(TensorType.of(DType.UI8, 257), 0)));
    assertThat(results.get(0).toDoubles()).containsOnly(DType.F16.round(0.1));
    assertThat(results.get(1).toDoubles()).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(results.get(2).toDoubles()).containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(results.get(3).get(257)).as("257 is no bfloat16").isEqualTo(256);
    assertThat(results.get(4).get(256)).isZero();
  }

  @Test
  void annotationsChangeNothing() {
    Literal x = Literals.floats(DType.F32, 1, Double.NaN);
    List<Literal> results =
        Traced.run(
            args -> {
              Array a = args.getFirst();
              List<Array> barrier = Ops.optimizationBarrier(List.of(a, a));
              return List.of(
                  a.named("n"),
                  a.stopGradient(),
                  a.constrain(LogicalAxes.of("embed")),
                  barrier.get(1));
            },
            x);
    assertThat(results).containsOnly(x);
  }

  @Test
  void inputsMayBeOutputsAndBeGivenTwice() {
    Literal x = Literals.floats(DType.F32, 1, 2);
    assertThat(Traced.run(args -> List.of(args.get(0), args.get(0)), x)).containsExactly(x, x);
  }

  @Test
  void operandsStayAsTheyAre() {
    Literal x = Literals.floats(DType.F32, 1, 2);
    List<Literal> results =
        Traced.run(args -> List.of(args.get(0).reshape(2, 1).add(1), args.get(0)), x);
    assertThat(results.get(1)).isEqualTo(x);
  }

  @Test
  void wrongInputsAreRefused() {
    Literal wrong = Literals.floats(DType.F32, 1, 2);
    assertThatThrownBy(() -> Interpreter.run(thirdAndSquare(), List.of(wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 0 of graph 'third' has type bf16[2], got a literal of type f32[2]");
    assertThatThrownBy(() -> Interpreter.run(thirdAndSquare(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes 1 inputs, got 0");
    Literal longer = Literals.floats(DType.F64, 1, 2, 3);
    assertThatThrownBy(() -> Interpreter.runInFloat64(thirdAndSquare(), List.of(longer)))
        .hasMessageContaining("has type bf16[2], got a literal of type f64[3]");
  }

  @Test
  void oneOpIsCheckedLikeATracedOne() {
    List<Literal> mixed = List.of(Literals.scalar(DType.F32, 1), Literals.scalar(DType.I32, 1));
    assertThatThrownBy(() -> Interpreter.apply(BinaryOp.ADD, List.of(), mixed))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("got (f32[], i32[])");
  }
}
