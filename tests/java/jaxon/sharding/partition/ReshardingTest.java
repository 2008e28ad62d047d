package jaxon.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Graph;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.simulate.MeshInterpreter;
import jaxon.testing.Literals;
import jaxon.testing.Traced;
import org.junit.jupiter.api.Test;

class ReshardingTest {
  private static final Mesh MESH = new Mesh(List.of("a", "b", "c"), List.of(2, 2, 3));
  private static final List<List<String>> NONE = List.of(List.of(), List.of());

  private static List<List<String>> dims(String first, String second) {
    return PartitionSpec.of(first, second).dims();
  }

  @Test
  void everyCutReachesEveryOther() {
    Literal value = Literals.counting(DType.I32, 12, 12);
    Graph graph = Traced.graph(args -> args, value);
    List<PartitionSpec> specs = specs();
    assertThat(specs).hasSize(35);
    for (PartitionSpec from : specs) {
      for (PartitionSpec to : specs) {
        PartitionedGraph program =
            Partitioner.partition(
                graph,
                MESH,
                List.of(from),
                List.of(Optional.of(to)),
                new LogicalAxisRules(List.of()));
        assertThat(MeshInterpreter.run(program, List.of(value)).getFirst())
            .as("%s to %s", from, to)
            .isEqualTo(value);
      }
    }
  }

  /// All ways to cut two dims of 12.
  private static List<PartitionSpec> specs() {
    List<String> one = List.of("", "a", "b", "c", "a+b", "b+a", "a+c", "c+b", "b+c", "a+b+c");
    List<PartitionSpec> specs = new ArrayList<>();
    for (String first : one) {
      for (String second : one) {
        boolean legal =
            List.of("a", "b", "c").stream()
                .noneMatch(axis -> first.contains(axis) && second.contains(axis));
        if (legal) {
          specs.add(PartitionSpec.of(first, second));
        }
      }
    }
    return specs;
  }

  @Test
  void takesTheCheapestSteps() {
    assertThat(ReshardRoute.of(NONE, List.of(), dims("a", "b+c")))
        .as("what is whole is sliced, not sent")
        .containsExactly(
            new ReshardStep.Slice(0, List.of("a")), new ReshardStep.Slice(1, List.of("b", "c")));
    assertThat(ReshardRoute.of(dims("a", "b"), List.of(), dims("a+b", "")))
        .containsExactly(new ReshardStep.AllToAll(0, 1, List.of("b")));
    assertThat(ReshardRoute.of(dims("a+b", ""), List.of(), dims("a", "")))
        .containsExactly(new ReshardStep.AllGather(0, List.of("b")));
    assertThat(ReshardRoute.of(dims("a", ""), List.of(), dims("a", "b")))
        .containsExactly(new ReshardStep.Slice(1, List.of("b")));
  }

  @Test
  void sumsAreReducedToWhereTheyGo() {
    assertThat(ReshardRoute.of(NONE, List.of("a"), NONE))
        .containsExactly(new ReshardStep.AllReduce(List.of("a")));
    assertThat(ReshardRoute.of(NONE, List.of("a", "b"), dims("", "b")))
        .as("scattered first, so that less is left to reduce")
        .containsExactly(
            new ReshardStep.ReduceScatter(1, List.of("b")),
            new ReshardStep.AllReduce(List.of("a")));
    assertThat(ReshardRoute.of(dims("b", ""), List.of("a"), dims("b+a", "c")))
        .containsExactly(
            new ReshardStep.ReduceScatter(0, List.of("a")), new ReshardStep.Slice(1, List.of("c")));
  }

  @Test
  void costsAreTheBoundsOfTheCollectives() {
    double s = 1200;
    assertThat(ReshardCost.bytes(List.of(new ReshardStep.AllReduce(List.of("c"))), s, MESH))
        .isEqualTo(2 * 2 / 3.0 * s);
    assertThat(ReshardCost.bytes(List.of(new ReshardStep.AllGather(0, List.of("c"))), s, MESH))
        .isEqualTo(2 / 3.0 * 3 * s);
    assertThat(
            ReshardCost.bytes(
                List.of(
                    new ReshardStep.ReduceScatter(0, List.of("c")),
                    new ReshardStep.AllReduce(List.of("a"))),
                s,
                MESH))
        .isEqualTo(2 / 3.0 * s + s / 3);
    assertThat(ReshardCost.bytes(List.of(new ReshardStep.Slice(0, List.of("a"))), s, MESH))
        .isZero();
  }
}
