package jaxon.sharding.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Blocks;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.testing.Literals;
import org.junit.jupiter.api.Test;

/// The collectives by their definition, on a mesh of two rows of three devices.
class MeshInterpreterTest {
  private static final Mesh MESH = Mesh.of("row", 2, "column", 3);
  private static final AxisGroup COLUMNS = MESH.group(List.of("column"));

  /// Device d starts with `10 d, 10 d + 1, 10 d + 2`.
  private static List<long[]> run(CollectiveOp op) {
    GraphBuilder builder = new GraphBuilder();
    Var x = builder.input(TensorType.of(DType.I32, 3));
    List<Var> operands = op instanceof CollectiveOp.AxisIndex ? List.of() : List.of(x);
    Graph graph = builder.build("test", builder.emit(op, operands, List.of()));
    List<Literal> inputs =
        IntStream.range(0, 6).mapToObj(d -> Literals.ints(10 * d, 10 * d + 1, 10 * d + 2)).toList();
    return MeshInterpreter.run(graph, MESH, List.of(inputs)).getFirst().stream()
        .map(Literals::longsOf)
        .toList();
  }

  @Test
  void reducesAndScattersWithinGroups() {
    List<long[]> sums = run(new CollectiveOp.AllReduce(ReduceOp.Kind.SUM, COLUMNS));
    assertThat(sums.get(0)).containsExactly(30, 33, 36);
    assertThat(sums.get(5)).containsExactly(120, 123, 126);
    List<long[]> pieces = run(new CollectiveOp.ReduceScatter(ReduceOp.Kind.MAX, 0, COLUMNS));
    assertThat(pieces.get(1)).containsExactly(21);
    assertThat(pieces.get(5)).containsExactly(52);
  }

  @Test
  void gathersAndExchanges() {
    assertThat(run(new CollectiveOp.AllGather(0, COLUMNS)).get(4))
        .containsExactly(30, 31, 32, 40, 41, 42, 50, 51, 52);
    assertThat(run(new CollectiveOp.AllToAll(0, 0, COLUMNS)).get(4)).containsExactly(31, 41, 51);
  }

  @Test
  void sendsAndBroadcasts() {
    CollectiveOp shift =
        new CollectiveOp.CollectivePermute(
            COLUMNS, List.of(new SourceTarget(0, 1), new SourceTarget(1, 2)));
    assertThat(run(shift).get(4)).containsExactly(30, 31, 32);
    assertThat(run(shift).get(3)).as("nothing was sent to it").containsExactly(0, 0, 0);
    assertThat(run(new CollectiveOp.CollectiveBroadcast(COLUMNS, 2)).get(0))
        .containsExactly(20, 21, 22);
  }

  @Test
  void placesAreRowMajorOverTheAxesListed() {
    AxisGroup turned = MESH.group(List.of("column", "row"));
    List<long[]> places = run(new CollectiveOp.AxisIndex(turned));
    assertThat(places.stream().map(place -> place[0])).containsExactly(0L, 2L, 4L, 1L, 3L, 5L);
  }

  @Test
  void blocksCutAndJoin() {
    Literal whole = Literals.counting(DType.F32, 4, 6);
    PartitionSpec spec = PartitionSpec.of("row", "column");
    List<Literal> blocks = Blocks.cut(whole, spec, MESH);
    assertThat(blocks.get(4).toDoubles()).containsExactly(14, 15, 20, 21);
    assertThat(Blocks.join(blocks, spec, MESH, 0, whole.type())).isEqualTo(whole);
  }

  @Test
  void replicasMustAgree() {
    List<Literal> different =
        IntStream.range(0, 6).mapToObj(d -> Literals.floats(DType.F32, d)).toList();
    assertThatThrownBy(() ->
            Blocks.join(different, PartitionSpec.of(""), MESH, 0, different.getFirst().type()))
        .hasMessageContaining("has another block");
  }
}
