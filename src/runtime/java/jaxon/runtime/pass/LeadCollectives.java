package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;

/// Has collectives cut and join dim 0 only, where the pieces of the devices lie one after the
/// other: `all_gather<d>(x) -> merge(transpose(all_gather<0>(x)))`, and the others likewise.
///
/// The transposes are plain ops of the graph, which other passes absorb where they can.
public final class LeadCollectives implements Pass {
  @Override
  public Graph run(Graph graph) {
    return GraphRewriter.rewrite(graph, LeadCollectives::lead);
  }

  /// True when no piece of a device lies between those of others.
  public static boolean isLeading(CollectiveOp op) {
    return switch (op) {
      case CollectiveOp.AllGather gather -> gather.dim() == 0;
      case CollectiveOp.ReduceScatter scatter -> scatter.dim() == 0;
      case CollectiveOp.AllToAll all -> all.splitDim() == 0 && all.concatDim() == 0;
      case CollectiveOp.AllReduce _,
          CollectiveOp.CollectivePermute _,
          CollectiveOp.CollectiveBroadcast _,
          CollectiveOp.AxisIndex _ ->
          true;
    };
  }

  private static Optional<List<Var>> lead(Equation equation, RewriteScope scope) {
    if (!(equation.op() instanceof CollectiveOp op) || isLeading(op)) {
      return Optional.empty();
    }
    Steps steps = new Steps(scope, equation, op.group());
    Var x = equation.inputs().getFirst();
    Var result =
        switch (op) {
          case CollectiveOp.AllGather gather ->
              steps.join(steps.emit(new CollectiveOp.AllGather(0, op.group()), x), gather.dim());
          case CollectiveOp.ReduceScatter scatter ->
              steps.emit(
                  new CollectiveOp.ReduceScatter(scatter.kind(), 0, op.group()),
                  steps.cut(x, scatter.dim()));
          case CollectiveOp.AllToAll all ->
              steps.join(
                  steps.emit(
                      new CollectiveOp.AllToAll(0, 0, op.group()), steps.cut(x, all.splitDim())),
                  all.concatDim());
          case CollectiveOp.AllReduce _,
              CollectiveOp.CollectivePermute _,
              CollectiveOp.CollectiveBroadcast _,
              CollectiveOp.AxisIndex _ ->
              throw new IllegalStateException("unreachable: " + op);
        };
    return Optional.of(List.of(result));
  }

  /// What is put before and after a collective.
  private record Steps(RewriteScope scope, Equation equation, AxisGroup group) {
    Var emit(Op op, Var x) {
      return scope.emit(op, List.of(x), equation.source());
    }

    /// `[.., n·s, ..]` to `[n·d0, .., s, ..]`: the pieces of dim `dim` one after the other.
    Var cut(Var x, int dim) {
      Shape shape = x.type().shape();
      long piece = shape.dim(dim) / group.size();
      Shape split = shape.with(dim, piece).insert(dim, group.size());
      Var apart = emit(new ShapeOp.Reshape(split), x);
      Var first = emit(new ShapeOp.Transpose(move(split.rank(), dim, 0)), apart);
      return emit(new ShapeOp.Reshape(mergedAt(first.type().shape(), 0)), first);
    }

    /// `[n·d0, .., s, ..]`, pieces one after the other, to `[d0, .., n·s, ..]`.
    Var join(Var pieces, int dim) {
      Shape shape = pieces.type().shape();
      Shape split = shape.with(0, shape.dim(0) / group.size()).insert(0, group.size());
      Var apart = emit(new ShapeOp.Reshape(split), pieces);
      Var inside = emit(new ShapeOp.Transpose(move(split.rank(), 0, dim)), apart);
      return emit(new ShapeOp.Reshape(mergedAt(inside.type().shape(), dim)), inside);
    }

    /// The permutation that takes dim `from` to place `to`.
    private static List<Integer> move(int rank, int from, int to) {
      List<Integer> order = new ArrayList<>();
      IntStream.range(0, rank).filter(dim -> dim != from).forEach(order::add);
      order.add(to, from);
      return order;
    }

    /// Dims `at` and `at + 1` as one.
    private static Shape mergedAt(Shape shape, int at) {
      List<Long> dims = new ArrayList<>(shape.toList());
      long first = dims.remove(/* index= */ at);
      dims.set(at, first * dims.get(at));
      return Shape.of(dims);
    }
  }
}
