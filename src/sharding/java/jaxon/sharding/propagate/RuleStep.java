package jaxon.sharding.propagate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Var;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.rule.Factor;
import jaxon.sharding.rule.OpRule;

/// Carries shardings across one equation by its rule: tensors to factors, factors to tensors.
final class RuleStep {
  private final OpRule rule;
  private final Mesh mesh;
  private final Shardings shardings;
  private final List<DimSharding> factors = new ArrayList<>();

  private RuleStep(OpRule rule, Mesh mesh, Shardings shardings) {
    this.rule = rule;
    this.mesh = mesh;
    this.shardings = shardings;
    rule.factors().forEach(factor -> factors.add(DimSharding.whole(factor.size())));
  }

  /// From operands to results. Where operands disagree, the first one wins.
  static void forward(Equation equation, OpRule rule, Mesh mesh, Shardings shardings) {
    RuleStep step = new RuleStep(rule, mesh, shardings);
    step.read(equation.inputs(), rule.operands());
    step.read(equation.outputs(), rule.results());
    step.write(equation.outputs(), rule.results());
  }

  /// From results, and from other operands, to operands.
  static void backward(Equation equation, OpRule rule, Mesh mesh, Shardings shardings) {
    RuleStep step = new RuleStep(rule, mesh, shardings);
    step.read(equation.outputs(), rule.results());
    step.read(equation.inputs(), rule.operands());
    step.write(equation.inputs(), rule.operands());
  }

  private void read(List<Var> vars, List<List<List<Integer>>> tensors) {
    for (int i = 0; i < vars.size(); i++) {
      TensorSharding sharding = shardings.of(vars.get(i));
      for (int dim = 0; dim < tensors.get(i).size(); dim++) {
        read(sharding.dim(dim), tensors.get(i).get(dim));
      }
    }
  }

  private void read(DimSharding dim, List<Integer> numbers) {
    if (dim.isWhole()) {
      return;
    }
    Optional<List<DimSharding>> digits = dim.split(rule.sizes(numbers), mesh);
    for (int i = 0; digits.isPresent() && i < numbers.size(); i++) {
      int factor = numbers.get(i);
      boolean cuttable = rule.factors().get(factor).role() != Factor.Role.WHOLE;
      if (cuttable && factors.get(factor).isWhole()) {
        factors.set(factor, digits.get().get(i));
      }
    }
  }

  private void write(List<Var> vars, List<List<List<Integer>>> tensors) {
    for (int i = 0; i < vars.size(); i++) {
      List<DimSharding> dims = new ArrayList<>();
      for (List<Integer> numbers : tensors.get(i)) {
        dims.add(DimSharding.join(numbers.stream().map(factors::get).toList(), mesh));
      }
      // Two factors of one dim may come from different tensors and share an axis.
      boolean legal = dims.stream().allMatch(RuleStep::distinct);
      if (legal) {
        shardings.offer(vars.get(i), new TensorSharding(dims));
      }
    }
  }

  private static boolean distinct(DimSharding dim) {
    return dim.axes().stream().distinct().count() == dim.axes().size();
  }
}
