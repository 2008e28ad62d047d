package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Placement;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.partition.CollectiveUse;
import jaxon.sharding.partition.PartitionedGraph;
import jaxon.sharding.partition.Partitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The optimizer's state cut over `data` (ZeRO-1).
class OptimizerOverDataTest {
  private static final String[] TINY = {
    "dtype=float64",
    "weight_dtype=float64",
    "grad_dtype=float64",
    "base_num_decoder_layers=2",
    "base_emb_dim=16",
    "base_num_query_heads=4",
    "base_num_kv_heads=4",
    "head_dim=4",
    "base_mlp_dim=24",
    "vocab_size=260",
    "per_device_batch_size=4",
    "max_target_length=8",
    "remat_policy=full"
  };

  @TempDir private Path place;

  private TrainPrograms programs(RunMesh mesh) {
    return TrainPrograms.trace(TinyRun.config(place, TINY), mesh);
  }

  private static PartitionedGraph partition(TrainPrograms programs, RunMesh mesh) {
    Placement placement = programs.placement().step(programs.step().graph());
    return Partitioner.partition(
        programs.step().graph(),
        mesh.mesh(),
        placement.inputs(),
        placement.outputs().stream().map(Optional::of).toList(),
        mesh.rules());
  }

  private static RunMesh mesh(Mesh mesh) {
    return new RunMesh(mesh, DefaultRules.rules()).withOptimizerOverData();
  }

  @Test
  void givesTheResultsOfOneDevice() {
    ShardedSteps steps = new ShardedSteps(place, TINY);
    List<List<Literal>> expected = steps.runAlone(2);
    for (Mesh mesh : List.of(Mesh.of("data", 4), Mesh.of("data", 2, "fsdp", 2))) {
      RunMesh run = mesh(mesh);
      List<List<Literal>> found = steps.run(partition(programs(run), run), 2);
      for (int i = 0; i < expected.get(1).size(); i++) {
        double[] numbers = found.get(1).get(i).toDoubles();
        double[] alone = expected.get(1).get(i).toDoubles();
        for (int at = 0; at < alone.length; at++) {
          assertThat(numbers[at]).as("result %d", i).isCloseTo(alone[at], within(1e-9));
        }
      }
    }
  }

  @Test
  void stateFallsAsOneOverNAndTrafficIsThatOfAnAllReduce() {
    RunMesh run = mesh(Mesh.of("data", 4));
    TrainPrograms programs = programs(run);
    PartitionedGraph program = partition(programs, run);
    int params = programs.paramsSize();
    List<TensorType> whole = programs.init().graph().outputTypes();
    List<TensorType> local = program.graph().inputTypes();
    assertThat(bytes(local.subList(0, params))).isEqualTo(bytes(whole.subList(0, params)));
    assertThat(bytes(local.subList(params, 3 * params)))
        .isEqualTo(bytes(whole.subList(params, 3 * params)) / 4);
    assertThat(
            programs.placement().stateBytes(programs.init().outputTemplate()).stream()
                .skip(params)
                .limit(2L * params)
                .mapToLong(Long::longValue)
                .sum())
        .as("by placement, on four devices")
        .isEqualTo(bytes(whole.subList(params, 3 * params)));
    double sent =
        CollectiveUse.of(program.graph()).stream()
            .filter(use -> use.result().shape().rank() > 0)
            .mapToDouble(CollectiveUse::bytes)
            .sum();
    assertThat(sent).isCloseTo(2 * 3 / 4.0 * bytes(whole.subList(0, params)), within(1e-6 * sent));
    assertThat(CollectiveUse.of(program.graph()))
        .filteredOn(use -> use.result().shape().rank() > 0)
        .noneMatch(use -> use.op() instanceof CollectiveOp.AllReduce);
  }

  private static long bytes(List<TensorType> types) {
    return types.stream().mapToLong(TensorType::bytes).sum();
  }
}
