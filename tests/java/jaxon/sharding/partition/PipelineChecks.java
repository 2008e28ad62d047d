package jaxon.sharding.partition;

import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// What tests of pipelines have in common.
public final class PipelineChecks {
  private PipelineChecks() {}

  /// How a program sends from stage to stage.
  public static List<CollectiveUse> permutes(PartitionedGraph program) {
    return CollectiveUse.of(program.graph()).stream().filter(PipelineChecks::isPermute).toList();
  }

  static boolean isPermute(CollectiveUse use) {
    return use.op() instanceof CollectiveOp.CollectivePermute;
  }

  /// Numbers between −1 and 1.
  static Literal numbers(TensorType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Literal.generate(type, _ -> random.nextDouble(-1, 1));
  }
}
