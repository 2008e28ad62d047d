package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;

/// The ops that move elements: dims along which nothing moves are parallel.
final class ShapeShardingRules {
  private ShapeShardingRules() {}

  static OpRule of(ShapeOp op, Equation equation) {
    Shape from = equation.inputs().getFirst().type().shape();
    Shape to = equation.output().type().shape();
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast -> broadcast(broadcast, from);
      case ShapeOp.Reshape _ -> ReshapeShardingRule.of(from, to);
      case ShapeOp.Transpose transpose -> {
        OpRule.Builder builder = new OpRule.Builder();
        List<Integer> dims = builder.parallel(from);
        yield builder
            .operand(dims)
            .result(transpose.permutation().stream().map(dims::get).toList())
            .build();
      }
      case ShapeOp.Slice slice ->
          along(
              from,
              to,
              dim ->
                  slice.start().get(dim) == 0
                      && slice.limit().get(dim) == from.dim(dim)
                      && slice.strides().get(dim) == 1);
      case ShapeOp.Pad pad -> pad(pad, from, to);
      case ShapeOp.Concatenate concatenate -> concatenate(concatenate.dim(), equation);
      case ShapeOp.Reverse reverse -> along(from, to, dim -> !reverse.dims().contains(dim));
    };
  }

  /// Same dims in and out; those that do not `pass` stay whole.
  static OpRule along(Shape from, Shape to, IntPredicate pass) {
    OpRule.Builder builder = new OpRule.Builder();
    sides(from, to, pass, builder);
    return builder.build();
  }

  private static void sides(Shape from, Shape to, IntPredicate pass, OpRule.Builder builder) {
    List<Integer> operand = new ArrayList<>();
    List<Integer> result = new ArrayList<>();
    for (int dim = 0; dim < from.rank(); dim++) {
      boolean passes = pass.test(dim);
      operand.add(
          builder.factor(passes ? Factor.parallel(from.dim(dim)) : Factor.whole(from.dim(dim))));
      result.add(passes ? operand.getLast() : builder.factor(Factor.whole(to.dim(dim))));
    }
    builder.operand(operand).result(result);
  }

  private static OpRule pad(ShapeOp.Pad op, Shape from, Shape to) {
    OpRule.Builder builder = new OpRule.Builder();
    sides(
        from,
        to,
        dim -> op.low().get(dim) == 0 && op.high().get(dim) == 0 && op.interior().get(dim) == 0,
        builder);
    return builder.operand(List.of()).build();
  }

  /// A repeated dim is a factor of the result alone.
  private static OpRule broadcast(ShapeOp.BroadcastInDim op, Shape from) {
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> result = builder.parallel(op.shape());
    List<List<Integer>> operand =
        IntStream.range(0, from.rank())
            .mapToObj(dim -> {
              int to = op.dims().get(dim);
              boolean repeats = from.dim(dim) != op.shape().dim(to);
              return repeats ? List.<Integer>of() : List.of(result.get(to));
            })
            .toList();
    return builder.operandOf(operand).result(result).build();
  }

  private static OpRule concatenate(int along, Equation equation) {
    Shape to = equation.output().type().shape();
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> result = new ArrayList<>();
    for (int dim = 0; dim < to.rank(); dim++) {
      Factor factor = dim == along ? Factor.whole(to.dim(dim)) : Factor.parallel(to.dim(dim));
      result.add(builder.factor(factor));
    }
    equation
        .inputs()
        .forEach(in -> {
          List<Integer> operand = new ArrayList<>(result);
          operand.set(along, builder.factor(Factor.whole(in.type().shape().dim(along))));
          builder.operand(operand);
        });
    return builder.result(result).build();
  }
}
