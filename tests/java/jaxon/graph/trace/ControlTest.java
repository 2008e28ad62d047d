package jaxon.graph.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {
  @Test
  void conditionAndBodyOfAWhileMayCaptureDifferentArrays() {
    Literal result =
        Traced.one(
            args -> {
              Array limit = args.get(0);
              Array step = args.get(1).add(1.0);
              return Control.whileLoop(
                      List.of(args.get(2)),
                      carry -> carry.getFirst().lt(limit),
                      carry -> List.of(carry.getFirst().mul(step).add(limit.mul(0.0))))
                  .getFirst();
            },
            Literals.scalar(DType.F32, 100),
            Literals.scalar(DType.F32, 2),
            Literals.scalar(DType.F32, 1));
    assertThat(result.get(0)).isEqualTo(243);
  }

  @Test
  void aWhileGivesItsCarryOnly() {
    List<Literal> results =
        Traced.run(
            args ->
                Control.whileLoop(
                    List.of(args.get(1)), c -> c.get(0).lt(args.get(0)), c -> List.of(args.get(0))),
            Literals.scalar(DType.I32, 9),
            Literals.scalar(DType.I32, 0));
    assertThat(results).containsExactly(Literals.scalar(DType.I32, 9));
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "0, -4"})
  void condTakesTheFirstBranchWhenTrue(int predicate, double expected) {
    Literal result =
        Traced.one(
            args ->
                Control.cond(
                        args.get(0),
                        List.of(args.get(1)),
                        x -> List.of(x.getFirst()),
                        _ -> List.of(args.get(2).neg()))
                    .getFirst(),
            Literals.scalar(DType.I1, predicate),
            Literals.scalar(DType.F32, 3),
            Literals.scalar(DType.F32, 4));
    assertThat(result.get(0)).isEqualTo(expected);
  }

  @Test
  void branchesMustGiveTheSameTypes() {
    assertThatThrownBy(() ->
            Traced.run(
                args ->
                    Control.cond(
                        args.get(0),
                        List.of(),
                        _ -> List.of(Ops.constant(DType.F32, 1)),
                        _ -> List.of(Ops.constant(DType.I32, 1))),
                Literals.scalar(DType.I1, 1)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("each branch must give [f32[]], gives [i32[]]");
  }

  @Test
  void theCarryOfAScanMustKeepItsType() {
    assertThatThrownBy(() ->
            Traced.run(
                args ->
                    Control.scan(
                            2,
                            false,
                            args,
                            List.of(),
                            (carry, _) ->
                                new Control.ScanResult(
                                    List.of(carry.getFirst().astype(DType.BF16)), List.of()))
                        .carry(),
                Literals.scalar(DType.F32, 1)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("the body must give the carry [f32[]] first, gives [bf16[]]");
  }

  @Test
  void scannedOperandsMustHaveTheLength() {
    assertThatThrownBy(() ->
            Traced.run(
                args ->
                    Control.scan(
                            3,
                            false,
                            List.of(),
                            args,
                            (_, x) -> new Control.ScanResult(List.of(), x))
                        .ys(),
                Literals.floats(DType.F32, 1, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("leading dim of 3, not f32[2]");
  }
}
