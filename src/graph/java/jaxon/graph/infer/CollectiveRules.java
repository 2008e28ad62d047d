package jaxon.graph.infer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.CollectiveOp.SourceTarget;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Types of the ops between devices: those of one device's part.
final class CollectiveRules {
  private CollectiveRules() {}

  static TensorType infer(CollectiveOp op, Check check) {
    return switch (op) {
      case CollectiveOp.AllReduce reduce -> {
        TensorType type = check.single();
        kind(reduce.kind(), type, check);
        yield type;
      }
      case CollectiveOp.AllGather gather -> {
        TensorType type = check.single();
        check.dims(List.of(gather.dim()), type.shape(), "dim");
        yield times(type, gather.dim(), op.group().size());
      }
      case CollectiveOp.ReduceScatter scatter -> {
        TensorType type = check.single();
        kind(scatter.kind(), type, check);
        yield divided(type, scatter.dim(), op.group(), check);
      }
      case CollectiveOp.AllToAll move -> {
        TensorType type = check.single();
        check.dims(List.of(move.concatDim()), type.shape(), "concatDim");
        TensorType piece = divided(type, move.splitDim(), op.group(), check);
        yield times(piece, move.concatDim(), op.group().size());
      }
      case CollectiveOp.CollectivePermute permute -> {
        pairs(permute, check);
        yield check.single();
      }
      case CollectiveOp.CollectiveBroadcast broadcast -> {
        check.require(
            broadcast.root() >= 0 && broadcast.root() < op.group().size(),
            () -> "root " + broadcast.root() + " is no place of a group of " + op.group().size());
        yield check.single();
      }
      case CollectiveOp.AxisIndex _ -> {
        check.operandCount(0);
        yield TensorType.of(DType.I32);
      }
    };
  }

  private static void kind(ReduceOp.Kind kind, TensorType type, Check check) {
    switch (kind) {
      case SUM, PRODUCT, MAX, MIN ->
          check.require(type.dtype() != DType.I1, () -> kind + " needs a number, not i1");
      case AND, OR -> check.dtype(type, DType.I1);
    }
  }

  private static TensorType times(TensorType type, int dim, int size) {
    Shape shape = type.shape();
    return type.withShape(shape.with(dim, Math.multiplyExact(shape.dim(dim), size)));
  }

  private static TensorType divided(TensorType type, int dim, AxisGroup group, Check check) {
    Shape shape = type.shape();
    check.dims(List.of(dim), shape, "dim");
    check.require(
        shape.dim(dim) % group.size() == 0,
        () -> "dim " + dim + " must divide by the " + group.size() + " devices of " + group);
    return type.withShape(shape.with(dim, shape.dim(dim) / group.size()));
  }

  private static void pairs(CollectiveOp.CollectivePermute op, Check check) {
    Set<Integer> sources = new HashSet<>();
    Set<Integer> targets = new HashSet<>();
    boolean legal = true;
    for (SourceTarget pair : op.pairs()) {
      legal &= sources.add(pair.source()) && targets.add(pair.target());
      legal &= isPlace(pair.source(), op.group()) && isPlace(pair.target(), op.group());
    }
    boolean ok = legal;
    check.require(
        ok,
        () ->
            "sources and targets must be distinct places below "
                + op.group().size()
                + ", are "
                + op.pairs());
  }

  private static boolean isPlace(int place, AxisGroup group) {
    return place >= 0 && place < group.size();
  }
}
