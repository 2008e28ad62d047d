package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.op.IndexOp;
import jaxon.graph.type.Shape;

/// Ops that work on windows or along one dim: dims that a window covers whole are parallel.
final class WindowShardingRules {
  private WindowShardingRules() {}

  static OpRule dynamicSlice(Equation equation) {
    Shape from = equation.inputs().getFirst().type().shape();
    Shape to = equation.output().type().shape();
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> operand = new ArrayList<>();
    List<Integer> result = new ArrayList<>();
    pair(from, to, operand, result, builder);
    builder.operand(operand);
    for (int i = 0; i < from.rank(); i++) {
      builder.operand(List.of());
    }
    return builder.result(result).build();
  }

  static OpRule dynamicUpdateSlice(Equation equation) {
    Shape to = equation.inputs().get(0).type().shape();
    Shape window = equation.inputs().get(1).type().shape();
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> operand = new ArrayList<>();
    List<Integer> update = new ArrayList<>();
    pair(to, window, operand, update, builder);
    builder.operand(operand).operand(update);
    for (int i = 0; i < to.rank(); i++) {
      builder.operand(List.of());
    }
    return builder.result(operand).build();
  }

  private static void pair(
      Shape all, Shape window, List<Integer> outer, List<Integer> inner, OpRule.Builder builder) {
    for (int dim = 0; dim < all.rank(); dim++) {
      boolean covers = all.dim(dim) == window.dim(dim);
      outer.add(
          builder.factor(covers ? Factor.parallel(all.dim(dim)) : Factor.whole(all.dim(dim))));
      inner.add(covers ? outer.getLast() : builder.factor(Factor.whole(window.dim(dim))));
    }
  }

  static OpRule sort(IndexOp.Sort op, Equation equation) {
    Shape shape = equation.inputs().getFirst().type().shape();
    OpRule.Builder builder = new OpRule.Builder();
    List<Integer> dims = new ArrayList<>();
    for (int dim = 0; dim < shape.rank(); dim++) {
      long size = shape.dim(dim);
      dims.add(builder.factor(dim == op.dim() ? Factor.whole(size) : Factor.parallel(size)));
    }
    equation.inputs().forEach(_ -> builder.operand(dims));
    equation.outputs().forEach(_ -> builder.result(dims));
    return builder.build();
  }
}
