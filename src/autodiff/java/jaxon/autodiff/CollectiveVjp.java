package jaxon.autodiff;

import java.util.List;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Collectives;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import org.jspecify.annotations.Nullable;

/// Rules of the ops between devices, within a shard_map: the transposed map of all devices' blocks
/// together.
final class CollectiveVjp {
  private CollectiveVjp() {}

  static List<@Nullable Array> apply(CollectiveOp op, VjpContext c) {
    return switch (op) {
      case CollectiveOp.AxisIndex _ -> Linearization.none(c.equation());
      case CollectiveOp.AllReduce reduce -> {
        requireSum(reduce.kind(), op, c);
        yield VjpRules.some(Collectives.allReduce(c.cotangent(), op.group()));
      }
      case CollectiveOp.AllGather gather ->
          VjpRules.some(Collectives.reduceScatter(c.cotangent(), gather.dim(), op.group()));
      case CollectiveOp.ReduceScatter scatter -> {
        requireSum(scatter.kind(), op, c);
        yield VjpRules.some(Collectives.allGather(c.cotangent(), scatter.dim(), op.group()));
      }
      case CollectiveOp.AllToAll move ->
          VjpRules.some(
              Collectives.allToAll(c.cotangent(), move.concatDim(), move.splitDim(), op.group()));
      case CollectiveOp.CollectivePermute permute -> {
        List<SourceTarget> back =
            permute.pairs().stream().map(p -> new SourceTarget(p.target(), p.source())).toList();
        CollectiveOp.CollectivePermute inverse =
            new CollectiveOp.CollectivePermute(op.group(), back);
        yield VjpRules.some(
            Tracer.current().emit(inverse, List.of(c.cotangent()), List.of()).getFirst());
      }
      case CollectiveOp.CollectiveBroadcast broadcast -> {
        Array sum = Collectives.allReduce(c.cotangent(), op.group());
        Array root = Ops.constant(DType.I32, broadcast.root());
        Array mine = Collectives.place(op.group()).eq(root).broadcastTo(sum.shape());
        yield VjpRules.some(mine.select(sum, Ops.zeros(sum.type())));
      }
    };
  }

  private static void requireSum(ReduceOp.Kind kind, CollectiveOp op, VjpContext c) {
    if (kind != ReduceOp.Kind.SUM) {
      throw new IllegalStateException(
          "%s of kind %s at %s cannot be differentiated: only sums can; use stopGradient"
              .formatted(op.opName(), kind, c.equation().source()));
    }
  }
}
