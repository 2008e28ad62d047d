package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.GraphVerifier;
import jaxon.graph.op.CollectiveOp;
import jaxon.runtime.pass.CombineReductions;
import jaxon.sharding.Mesh;
import jaxon.sharding.partition.CollectiveUse;
import jaxon.sharding.partition.PartitionedGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small reductions of a training step become few, and its results keep their bits.
class CombinedReductionsTest {
  @TempDir private Path place;

  @Test
  void combinesWhatDoesNotDependOnEachOther() {
    ShardedSteps steps =
        new ShardedSteps(
            place,
            "dtype=float32",
            "base_num_decoder_layers=3",
            "base_emb_dim=16",
            "base_num_query_heads=2",
            "base_num_kv_heads=2",
            "head_dim=8",
            "base_mlp_dim=24",
            "vocab_size=260",
            "per_device_batch_size=2",
            "max_target_length=8");
    PartitionedGraph program = steps.partition(Mesh.of("fsdp", 2));
    Graph combined = new CombineReductions().run(program.graph());
    GraphVerifier.verify(combined, "CombineReductions");
    // In each of three layers the scales of two norms; then the sums of loss and tokens.
    assertThat(reductions(combined)).isLessThanOrEqualTo(reductions(program.graph()) - 3 - 1);
    PartitionedGraph after =
        new PartitionedGraph(
            combined, program.mesh(), program.inputs(), program.outputs(), program.plan());
    assertThat(steps.run(after, 1)).isEqualTo(steps.run(program, 1));
  }

  private static long reductions(Graph graph) {
    List<CollectiveUse> uses = CollectiveUse.of(graph);
    return uses.stream()
        .filter(use -> use.op() instanceof CollectiveOp.AllReduce)
        .mapToLong(CollectiveUse::times)
        .sum();
  }
}
