package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.ShardingException;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.ShardingPlan;

/// A loop over layers that are cut along the stages becomes a pipeline.
///
/// The rows of what is carried from layer to layer, the batch, are found by trying: the first dim
/// along which the body works row by row. What a body does that mixes all rows is no pipeline; its
/// loop then runs on each stage alike, with the layers gathered.
final class PipelinePartitioner {
  private final RegionPartitioner scope;
  private final ShardingPlan plan;

  PipelinePartitioner(RegionPartitioner scope) {
    this.scope = scope;
    this.plan = scope.plan();
  }

  /// Partitions the loop if it can be a pipeline; false if not, and nothing is done.
  ///
  /// @throws ShardingException if it could be one, but for the size of the batch
  boolean partition(ControlOp.Scan op, Equation equation) {
    Graph body = equation.regions().getFirst();
    if (!isCut(op, body)) {
      return false;
    }
    int count = plan.pipelining().microbatches(plan.mesh());
    Mesh mesh = plan.mesh().with(MicroBatchCut.AXIS, count);
    Optional<String> tooSmall = Optional.empty();
    for (int carry = 0; carry < op.carries(); carry++) {
      Var carried = body.inputs().get(op.consts() + carry);
      TensorSharding sharding = plan.of(carried);
      for (int dim = 0; dim < carried.type().shape().rank(); dim++) {
        if (sharding.dim(dim).localSize(mesh) % count != 0) {
          tooSmall = tooSmall.or(() -> Optional.of(carried.type() + " cut " + sharding));
          continue;
        }
        Optional<StageBody> stage = StageBody.of(plan, mesh, op, body, carry, dim);
        if (stage.isPresent()) {
          new PipelineLoop(scope, mesh, op, equation, stage.get()).emit();
          return true;
        }
      }
      if (carried.type().shape().rank() > 0) {
        break;
      }
    }
    if (tooSmall.isPresent()) {
      String message =
          "the loop over layers at %s cannot be cut into %d micro-batches for %d stages: it carries"
              + " %s, and num_pipeline_microbatches must divide the sequences that a group of stages"
              + " has; choose a larger batch or fewer micro-batches";
      int stages = plan.mesh().size(MeshAxis.STAGE);
      throw new ShardingException(
          message.formatted(equation.source(), count, stages, tooSmall.get()));
    }
    return false;
  }

  /// True if layers divide and nothing inside is cut along the stages.
  private boolean isCut(ControlOp.Scan op, Graph body) {
    List<Var> all = new ArrayList<>(body.inputs());
    all.addAll(body.outputs());
    return op.length() % plan.mesh().size(MeshAxis.STAGE) == 0
        && all.stream().noneMatch(var -> plan.of(var).axes().contains(MeshAxis.STAGE));
  }
}
