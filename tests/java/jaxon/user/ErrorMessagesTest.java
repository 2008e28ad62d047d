package jaxon.user;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.tree.Program;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

/// A shape error names what was asked, what was found, what is allowed, and the user's line.
class ErrorMessagesTest {
  private static final TensorType MATRIX = TensorType.of(DType.F32, 8, 128);

  private static void assertNamesLine(UnaryOperator<Array> function, String... parts) {
    assertThatThrownBy(() ->
            Tracer.traceClosed(
                "f", List.of(MATRIX), args -> List.of(function.apply(args.getFirst()))))
        .isInstanceOf(ShapeException.class)
        .message()
        .contains(parts)
        .containsPattern("\\(at ErrorMessagesTest\\.java:\\d+ \\(");
  }

  @Test
  void opsNameTheUsersLine() {
    assertNamesLine(
        x -> x.dtype() == DType.F32 ? x.not() : x,
        "stablehlo.not",
        "needs i1 or an integer dtype",
        "got (f32[8, 128])");
    assertNamesLine(x -> x.reshape(7), "stablehlo.reshape", "to [7] needs 7 elements");
    assertNamesLine(x -> Ops.dot(x, x), "must have equal sizes", "(f32[8, 128], f32[8, 128])");
  }

  @Test
  void broadcastingNamesTheUsersLine() {
    assertNamesLine(
        x -> x.add(Ops.zeros(TensorType.of(DType.F32, 128))),
        "stablehlo.add",
        "use broadcastTo or expandDims",
        "got (f32[8, 128], f32[128])");
    assertNamesLine(x -> x.broadcastTo(Shape.of(128)), "f32[8, 128] has more dims than [128]");
  }

  @Test
  void einsumNamesTheUsersLine() {
    assertNamesLine(x -> Ops.einsum("abc,cd->abd", x, x), "'abc,cd->abd' does not fit");
  }

  @Test
  void linesInsideRegionsAreNamed() {
    assertNamesLine(
        x ->
            Control.cond(
                    Ops.constant(DType.I1, 1),
                    List.of(x),
                    args -> List.of(args.getFirst().add(Ops.constant(DType.BF16, 1))),
                    args -> args)
                .getFirst(),
        "operands must have one type");
  }

  @Test
  void aMethodReferenceStandsOnTheLineThatTracesIt() {
    assertNamesLine(Array::not, "stablehlo.not");
    assertThatThrownBy(() -> Program.trace("f", Array.placeholder(MATRIX), Array::not))
        .hasMessageContaining("(at ErrorMessagesTest.java:");
  }
}
