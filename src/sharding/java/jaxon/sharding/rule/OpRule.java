package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.type.Shape;

/// The factors of one equation and the dims they make up.
///
/// @param factors numbered by their place
/// @param operands for each operand, for each dim, its factors from major to minor; a dim of size 1
///   that repeats has none
/// @param results the same for each result
public record OpRule(
    List<Factor> factors, List<List<List<Integer>>> operands, List<List<List<Integer>>> results) {
  public OpRule {
    factors = List.copyOf(factors);
    operands = List.copyOf(operands);
    results = List.copyOf(results);
  }

  /// Sizes of the given factors.
  public List<Long> sizes(List<Integer> numbers) {
    return numbers.stream().map(number -> factors.get(number).size()).toList();
  }

  /// True when a tensor with these dims has the factor.
  public static boolean has(List<List<Integer>> dims, int factor) {
    return dims.stream().anyMatch(dim -> dim.contains(factor));
  }

  /// A rule under construction.
  static final class Builder {
    private final List<Factor> factors = new ArrayList<>();
    private final List<List<List<Integer>>> operands = new ArrayList<>();
    private final List<List<List<Integer>>> results = new ArrayList<>();

    int factor(Factor factor) {
      factors.add(factor);
      return factors.size() - 1;
    }

    /// One parallel factor per dim.
    List<Integer> parallel(Shape shape) {
      return shape.toList().stream().map(size -> factor(Factor.parallel(size))).toList();
    }

    /// One factor per dim that must stay whole.
    List<Integer> whole(Shape shape) {
      return shape.toList().stream().map(size -> factor(Factor.whole(size))).toList();
    }

    /// An operand with one factor per dim.
    Builder operand(List<Integer> dims) {
      return operandOf(dims.stream().map(List::of).toList());
    }

    Builder operandOf(List<List<Integer>> dims) {
      operands.add(dims);
      return this;
    }

    /// A result with one factor per dim.
    Builder result(List<Integer> dims) {
      return resultOf(dims.stream().map(List::of).toList());
    }

    Builder resultOf(List<List<Integer>> dims) {
      results.add(dims);
      return this;
    }

    OpRule build() {
      return new OpRule(factors, operands, results);
    }
  }

  /// All operands and results of one shape, cut alike.
  static OpRule elementwise(Equation equation) {
    Builder builder = new Builder();
    List<Integer> dims = builder.parallel(equation.outputs().getFirst().type().shape());
    equation.inputs().forEach(_ -> builder.operand(dims));
    equation.outputs().forEach(_ -> builder.result(dims));
    return builder.build();
  }

  /// Operands and results on which nothing may be cut.
  static OpRule replicated(Equation equation) {
    Builder builder = new Builder();
    equation.inputs().forEach(in -> builder.operand(builder.whole(in.type().shape())));
    equation.outputs().forEach(out -> builder.result(builder.whole(out.type().shape())));
    return builder.build();
  }

  /// Result `i` is operand `i`.
  static OpRule pairwise(Equation equation) {
    Builder builder = new Builder();
    equation
        .inputs()
        .forEach(in -> {
          List<Integer> dims = builder.parallel(in.type().shape());
          builder.operand(dims).result(dims);
        });
    return builder.build();
  }
}
