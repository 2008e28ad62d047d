package jaxon.graph.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;

class CollectiveTextTest {
  private static final AxisGroup GROUP = new AxisGroup(List.of("tensor"), 2);

  /// A mesh (fsdp 2, tensor 2): neighbours on `tensor` have neighbouring ids.
  private static final DeviceGroups MESH =
      new DeviceGroups() {
        @Override
        public List<List<Integer>> groups(AxisGroup group) {
          return List.of(List.of(0, 1), List.of(2, 3));
        }

        @Override
        public AxisPlace place(String axis) {
          return new AxisPlace(1, 2);
        }
      };

  @Test
  void groupsAreListsOfDevicesWhereTheMeshIsKnown() {
    String text = StableHloPrinter.print(graph(), MESH);
    assertThat(text)
        .contains(
            "\"stablehlo.all_reduce\"(%arg0) <{replica_groups = dense<[[0, 1], [2, 3]]> :"
                + " tensor<2x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type ="
                + " 1>, use_global_device_ids}> ({")
        .contains("<{all_gather_dim = 1 : i64, replica_groups = ")
        .contains("\"stablehlo.reduce_scatter\"(")
        .contains("<{scatter_dimension = 0 : i64, replica_groups = ")
        .contains("split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = 2 : i64")
        .contains("source_target_pairs = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>")
        .contains("\"stablehlo.collective_broadcast\"(")
        .contains("replica_groups = dense<[[1, 0], [3, 2]]> : tensor<2x2xi64>")
        .contains("stablehlo.partition_id : tensor<ui32>")
        .doesNotContain("jaxon.axes");
  }

  @Test
  void groupsAreNamedWhereItIsNot() {
    assertThat(StableHloPrinter.print(graph()))
        .contains("{jaxon.axes = [\"tensor\"], jaxon.group_size = 2}")
        .contains("\"jaxon.axis_index\"()")
        .doesNotContain("replica_groups");
  }

  @Test
  void sumsOfSixteenBitFloatsAreWide() {
    GraphBuilder builder = new GraphBuilder();
    Var x = builder.input(TensorType.of(DType.BF16, 4));
    Var y = emit(builder, new CollectiveOp.AllReduce(ReduceOp.Kind.SUM, GROUP), x);
    assertThat(StableHloPrinter.print(builder.build("sum", List.of(y)), MESH))
        .contains("stablehlo.convert %arg0 : (tensor<4xbf16>) -> tensor<4xf32>")
        .contains(": (tensor<4xf32>) -> tensor<4xf32>");
  }

  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder();
    Var x = builder.input(TensorType.of(DType.F32, 4, 6));
    Var sum = emit(builder, new CollectiveOp.AllReduce(ReduceOp.Kind.SUM, GROUP), x);
    Var all = emit(builder, new CollectiveOp.AllGather(1, GROUP), sum);
    Var part = emit(builder, new CollectiveOp.ReduceScatter(ReduceOp.Kind.SUM, 0, GROUP), all);
    Var moved = emit(builder, new CollectiveOp.AllToAll(0, 1, GROUP), part);
    Var sent =
        emit(
            builder,
            new CollectiveOp.CollectivePermute(GROUP, List.of(new CollectiveOp.SourceTarget(0, 1))),
            moved);
    Var root = emit(builder, new CollectiveOp.CollectiveBroadcast(GROUP, 1), sent);
    Var index = builder.emit(new CollectiveOp.AxisIndex(GROUP), List.of(), List.of()).getFirst();
    return builder.build("collectives", List.of(root, index));
  }

  private static Var emit(GraphBuilder builder, CollectiveOp op, Var operand) {
    return builder.emit(op, List.of(operand), List.of()).getFirst();
  }
}
