package jaxon.graph.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.interpret.CollectiveOpException;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class CollectiveRulesTest {
  private static final AxisGroup FOUR = new AxisGroup(List.of("fsdp", "tensor"), 4);
  private static final TensorType MATRIX = TensorType.of(DType.F32, 8, 3);

  private static TensorType infer(CollectiveOp op, TensorType... operands) {
    return TypeRules.infer(op, List.of(operands), List.of()).getFirst();
  }

  @Test
  void typesAreThoseOfOneDevice() {
    assertThat(infer(new CollectiveOp.AllReduce(ReduceOp.Kind.SUM, FOUR), MATRIX))
        .isEqualTo(MATRIX);
    assertThat(infer(new CollectiveOp.AllGather(1, FOUR), MATRIX))
        .isEqualTo(TensorType.of(DType.F32, 8, 12));
    assertThat(infer(new CollectiveOp.ReduceScatter(ReduceOp.Kind.MAX, 0, FOUR), MATRIX))
        .isEqualTo(TensorType.of(DType.F32, 2, 3));
    assertThat(infer(new CollectiveOp.AllToAll(0, 1, FOUR), MATRIX))
        .isEqualTo(TensorType.of(DType.F32, 2, 12));
    assertThat(infer(new CollectiveOp.AllToAll(0, 0, FOUR), MATRIX)).isEqualTo(MATRIX);
    assertThat(infer(new CollectiveOp.CollectiveBroadcast(FOUR, 3), MATRIX)).isEqualTo(MATRIX);
    assertThat(
            infer(
                new CollectiveOp.CollectivePermute(FOUR, List.of(new SourceTarget(0, 3))), MATRIX))
        .isEqualTo(MATRIX);
    assertThat(infer(new CollectiveOp.AxisIndex(FOUR))).isEqualTo(TensorType.of(DType.I32));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertRefused(
        new CollectiveOp.ReduceScatter(ReduceOp.Kind.SUM, 1, FOUR),
        "dim 1 must divide by the 4 devices of (fsdp, tensor)");
    assertRefused(new CollectiveOp.AllToAll(1, 0, FOUR), "dim 1 must divide by the 4 devices");
    assertRefused(new CollectiveOp.AllGather(2, FOUR), "must be distinct dims");
    assertRefused(new CollectiveOp.CollectiveBroadcast(FOUR, 4), "root 4 is no place");
    assertRefused(
        new CollectiveOp.CollectivePermute(
            FOUR, List.of(new SourceTarget(0, 1), new SourceTarget(2, 1))),
        "sources and targets must be distinct places below 4");
    assertThatThrownBy(() -> new AxisGroup(List.of("fsdp", "fsdp"), 4))
        .hasMessageContaining("each mesh axis once");
  }

  @Test
  void oneDeviceAloneRunsNone() {
    Literal value = Literal.splat(MATRIX, 1);
    assertThatThrownBy(
            () -> Interpreter.apply(new CollectiveOp.AllGather(0, FOUR), List.of(), List.of(value)))
        .isInstanceOf(CollectiveOpException.class)
        .hasMessageContaining("needs 4 devices");
  }

  private static void assertRefused(CollectiveOp op, String rule) {
    assertThatThrownBy(() -> infer(op, MATRIX))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith(op.opName() + ": ")
        .hasMessageContaining(rule);
  }
}
