package jaxon.sharding.propagate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.LogicalAxisRules.Rule;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.ShardingException;
import org.junit.jupiter.api.Test;

class PropagateShardingsTest {
  private static final Mesh MESH = Mesh.of("data", 2, "tensor", 2);
  private static final LogicalAxisRules RULES =
      new LogicalAxisRules(
          List.of(
              new Rule("batch", List.of("data")),
              new Rule("width", List.of("tensor")),
              new Rule("odd", List.of("tensor"))));
  private static final TensorType X = TensorType.of(DType.F32, 8, 4);
  private static final TensorType W = TensorType.of(DType.F32, 4, 6);

  private static ShardingPlan plan(
      List<TensorType> types,
      Function<List<Array>, List<Array>> function,
      PartitionSpec... inputs) {
    Graph graph = Tracer.traceClosed("test", types, function);
    List<Optional<PartitionSpec>> free =
        Collections.nCopies(graph.outputs().size(), Optional.empty());
    return PropagateShardings.run(graph, MESH, List.of(inputs), free, RULES);
  }

  private static String output(ShardingPlan plan, int index) {
    return plan.of(plan.graph().outputs().get(index)).toString();
  }

  @Test
  void activationsFollowTheirBatch() {
    ShardingPlan plan =
        plan(
            List.of(X, W),
            args -> {
              Array h = Ops.dot(args.get(0), args.get(1));
              return List.of(h, h.sum(1), h.transpose(1, 0), h.reshape(2, 4, 6));
            },
            PartitionSpec.of("data", ""),
            PartitionSpec.of("", "tensor"));
    assertThat(output(plan, 0)).isEqualTo("(data, tensor)");
    assertThat(output(plan, 1)).isEqualTo("(data)");
    assertThat(output(plan, 2)).isEqualTo("(tensor, data)");
    assertThat(output(plan, 3)).isEqualTo("(data, -, tensor)");
  }

  @Test
  void anAxisCutsOneDimOnlyAndTheFirstOperandWins() {
    ShardingPlan plan =
        plan(
            List.of(X, W),
            args -> List.of(Ops.dot(args.get(0), args.get(1))),
            PartitionSpec.of("data", ""),
            PartitionSpec.of("", "data"));
    assertThat(output(plan, 0)).isEqualTo("(data, -)");
  }

  @Test
  void constraintsHoldAndReachBack() {
    ShardingPlan plan =
        plan(
            List.of(X),
            args -> {
              Array before = args.getFirst().exp();
              return List.of(before.constrain(LogicalAxes.of("batch", "width")), before);
            },
            PartitionSpec.of("", ""));
    assertThat(output(plan, 0)).isEqualTo("(data, tensor)");
    assertThat(output(plan, 1)).isEqualTo("(data, tensor)");
  }

  @Test
  void mergedDimsRememberHowTheyWereCut() {
    ShardingPlan plan =
        plan(
            List.of(TensorType.of(DType.F32, 4, 6, 3)),
            args -> List.of(args.getFirst().reshape(24, 3)),
            PartitionSpec.of("data", "tensor", ""));
    assertThat(output(plan, 0)).isEqualTo("(4:data·6:tensor, -)");
  }

  @Test
  void reportsConstraintsThatDoNotDivide() {
    ShardingPlan plan =
        plan(
            List.of(TensorType.of(DType.F32, 3)),
            args -> List.of(args.getFirst().constrain(LogicalAxes.of("odd"))),
            PartitionSpec.of(""));
    assertThat(plan.dropped()).hasSize(1);
    assertThat(plan.dropped().getFirst().axes()).containsExactly("tensor");
  }

  @Test
  void refusesInputsThatDoNotFit() {
    assertThatThrownBy(() ->
            plan(List.of(TensorType.of(DType.F32, 3)), args -> args, PartitionSpec.of("tensor")))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining("dim 0 of [3] does not divide by the 2 devices along tensor");
    assertThatThrownBy(() -> plan(List.of(X), args -> args))
        .hasMessageContaining("has 1 inputs and 1 outputs, got specs for 0 and 1");
  }
}
