package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.ShardingException;
import jaxon.sharding.propagate.ShardingPlan;

/// A loop over layers that are cut along the stages becomes a pipeline.
///
/// The rows of what is carried from layer to layer, the batch, are found by trying: the first dim
/// along which the body works row by row. A body that mixes its rows takes the whole batch as one
/// micro-batch: then one stage works at a time, but the layers still stay where they are.
final class PipelinePartitioner {
  private final RegionPartitioner scope;
  private final ShardingPlan plan;

  PipelinePartitioner(RegionPartitioner scope) {
    this.scope = scope;
    this.plan = scope.plan();
  }

  /// A loop's body that works on the rows of micro-batches.
  ///
  /// @param mesh with the axis of the micro-batches
  /// @param carry the number of the carried value whose rows they are
  /// @param dim of that value
  record Rows(StageBody body, Mesh mesh, int carry, int dim) {}

  /// Partitions the loop if it can be a pipeline; false if not, and nothing is done.
  ///
  /// @throws ShardingException if it could be one, but for the size of the batch
  boolean partition(ControlOp.Scan op, Equation equation) {
    Graph body = equation.regions().getFirst();
    if (!isCut(op, body)) {
      return false;
    }
    Optional<Rows> rows = rows(op, equation, true);
    if (rows.isPresent()) {
      emit(rows.get().mesh(), op, equation, rows.get().body());
      return true;
    }
    Mesh mesh = withMicroBatches(1);
    Optional<StageBody> whole = StageBody.of(plan, mesh, op, body, Map.of());
    whole.ifPresent(stage -> emit(mesh, op, equation, stage));
    return whole.isPresent();
  }

  private void emit(Mesh mesh, ControlOp.Scan op, Equation equation, StageBody body) {
    new PipelineLoop(PipelineSide.of(scope, mesh, op, equation, body)).emit();
  }

  /// The body on the micro-batches that are asked for, if it works row by row.
  ///
  /// @param mayBeFewer whether fewer rows than that go one by one: a single text is generated on a
  ///   training mesh
  /// @throws ShardingException if it works row by row, but micro-batches do not divide the rows
  Optional<Rows> rows(ControlOp.Scan op, Equation equation, boolean mayBeFewer) {
    Graph body = equation.regions().getFirst();
    int asked = plan.pipelining().microbatches(plan.mesh());
    int carry = rowsAt(op, body);
    Var carried = body.inputs().get(op.consts() + carry);
    for (int dim = 0; dim < carried.type().shape().rank(); dim++) {
      long rows = plan.of(carried).dim(dim).localSize(plan.mesh());
      int count = mayBeFewer ? (int) Math.min(asked, rows) : asked;
      boolean divides = count > 0 && rows % count == 0;
      Mesh mesh = withMicroBatches(divides ? count : smallestFactor(rows));
      Optional<StageBody> stage = StageBody.byRows(plan, mesh, op, body, carry, dim);
      if (stage.isPresent() && !divides) {
        throw refused(equation, asked, carried);
      }
      if (stage.isPresent()) {
        return Optional.of(new Rows(stage.get(), mesh, carry, dim));
      }
    }
    return Optional.empty();
  }

  private Mesh withMicroBatches(int count) {
    return plan.mesh().with(MicroBatchCut.AXIS, count);
  }

  /// Micro-batches to find out with whether rows are independent.
  private static int smallestFactor(long rows) {
    int factor = 2;
    while (factor < rows && rows % factor != 0) {
      factor++;
    }
    return rows < 2 ? 1 : factor;
  }

  /// The first carried value that is not a scalar.
  private static int rowsAt(ControlOp.Scan op, Graph body) {
    int carry = 0;
    while (carry < op.carries() - 1
        && body.inputs().get(op.consts() + carry).type().shape().rank() == 0) {
      carry++;
    }
    return carry;
  }

  private ShardingException refused(Equation equation, int asked, Var carried) {
    return new ShardingException(
        ("the loop over layers at %s cannot be cut into %d micro-batches for %d stages: it carries"
                + " %s, and num_pipeline_microbatches must divide the sequences that a group of"
                + " stages has; choose a larger batch or fewer micro-batches")
            .formatted(
                equation.source(),
                asked,
                plan.mesh().size(MeshAxis.STAGE),
                carried.type() + " cut " + plan.of(carried)));
  }

  /// True if layers divide and nothing inside is cut along the stages.
  boolean isCut(ControlOp.Scan op, Graph body) {
    List<Var> all = new ArrayList<>(body.inputs());
    all.addAll(body.outputs());
    return op.length() % plan.mesh().size(MeshAxis.STAGE) == 0
        && all.stream().noneMatch(var -> plan.of(var).axes().contains(MeshAxis.STAGE));
  }
}
