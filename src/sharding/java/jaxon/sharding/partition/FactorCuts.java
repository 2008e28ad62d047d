package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.rule.Factor;
import jaxon.sharding.rule.OpRule;

/// How one equation is computed: a cut for each of its factors, no axis twice.
///
/// Folded factors come first, along the axes that all operands agree on: nothing is sent before,
/// and the result is reduced once (the gradient of a weight: tokens are cut, and the sum goes
/// straight to the weight's cut). Then comes what the plan wants for the results. What is left of
/// the folded factors is cut as some of the operands are if reducing the result costs less than
/// gathering those.
final class FactorCuts {
  private final OpRule rule;
  private final Mesh mesh;
  private final List<DimSharding> cuts = new ArrayList<>();
  private final List<String> used = new ArrayList<>();

  private FactorCuts(OpRule rule, Mesh mesh, List<String> reserved) {
    this.rule = rule;
    this.mesh = mesh;
    rule.factors().forEach(factor -> cuts.add(DimSharding.whole(factor.size())));
    used.addAll(reserved);
  }

  /// Chooses the cuts.
  ///
  /// @param operands as they are
  /// @param wanted the planned shardings of the results
  /// @param results the results' types in the global graph
  /// @param reserved axes that the operands are partial over, which must stay free
  static FactorCuts choose(
      OpRule rule,
      Mesh mesh,
      List<Placed> operands,
      List<TensorSharding> wanted,
      List<TensorType> results,
      List<String> reserved) {
    FactorCuts cuts = new FactorCuts(rule, mesh, reserved);
    cuts.claimAgreed(operands);
    for (int i = 0; i < wanted.size(); i++) {
      cuts.claim(wanted.get(i), rule.results().get(i), Factor.Role.PARALLEL);
    }
    for (int i = 0; i < operands.size(); i++) {
      List<DimSharding> before = List.copyOf(cuts.cuts);
      List<String> usedBefore = List.copyOf(cuts.used);
      cuts.claim(operands.get(i).sharding(), rule.operands().get(i), Factor.Role.FOLDED);
      if (!before.equals(cuts.cuts)
          && cuts.keepingCosts(wanted, results) > cuts.droppingCosts(i, before, operands)) {
        cuts.restore(before, usedBefore);
      }
    }
    return cuts;
  }

  private void restore(List<DimSharding> before, List<String> usedBefore) {
    cuts.clear();
    cuts.addAll(before);
    used.clear();
    used.addAll(usedBefore);
  }

  /// Cuts the factors of a role that are whole yet as `sharding` cuts the tensor.
  private void claim(TensorSharding sharding, List<List<Integer>> dims, Factor.Role role) {
    for (int dim = 0; dim < dims.size(); dim++) {
      List<Integer> numbers = dims.get(dim);
      Optional<List<DimSharding>> digits = sharding.dim(dim).split(rule.sizes(numbers), mesh);
      for (int i = 0; digits.isPresent() && i < numbers.size(); i++) {
        DimSharding cut = digits.get().get(i);
        int factor = numbers.get(i);
        boolean free = cut.axes().stream().noneMatch(used::contains);
        if (rule.factors().get(factor).role() == role && cuts.get(factor).isWhole() && free) {
          cuts.set(factor, cut);
          used.addAll(cut.axes());
        }
      }
    }
  }

  /// Cuts each folded factor along the axes that cut it in all operands that have it.
  private void claimAgreed(List<Placed> operands) {
    for (int factor = 0; factor < cuts.size(); factor++) {
      if (rule.factors().get(factor).role() != Factor.Role.FOLDED) {
        continue;
      }
      DimSharding agreed = agreed(factor, operands);
      if (agreed.axes().stream().noneMatch(used::contains)) {
        cuts.set(factor, agreed);
        used.addAll(agreed.axes());
      }
    }
  }

  private DimSharding agreed(int factor, List<Placed> operands) {
    List<DimSharding> all = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      for (int dim = 0; dim < rule.operands().get(i).size(); dim++) {
        List<Integer> numbers = rule.operands().get(i).get(dim);
        int at = numbers.indexOf(factor);
        if (at >= 0) {
          all.add(
              operands
                  .get(i)
                  .sharding()
                  .dim(dim)
                  .split(rule.sizes(numbers), mesh)
                  .map(digits -> digits.get(at))
                  .orElseGet(() -> DimSharding.whole(rule.factors().get(factor).size())));
        }
      }
    }
    DimSharding first = all.getFirst();
    if (all.stream().allMatch(first::equals)) {
      return first;
    }
    boolean blocks = all.stream().allMatch(DimSharding::isBlocks);
    List<String> common =
        first.axes().stream()
            .filter(axis -> blocks && all.stream().allMatch(cut -> cut.axes().contains(axis)))
            .toList();
    return DimSharding.of(first.size(), common);
  }

  /// Bytes to bring the partial results to what is wanted.
  private double keepingCosts(List<TensorSharding> wanted, List<TensorType> results) {
    double sum = 0;
    List<String> partial = foldedAxes();
    for (int i = 0; i < wanted.size(); i++) {
      TensorSharding given = result(i);
      double bytes = (double) results.get(i).bytes() / mesh.size(given.axes());
      sum += Resharding.cost(given, partial, wanted.get(i), bytes, mesh);
    }
    return sum;
  }

  /// Bytes to bring operand `index` to what it would have to be with the cuts of `before`.
  private double droppingCosts(int index, List<DimSharding> before, List<Placed> operands) {
    TensorSharding whole = tensor(rule.operands().get(index), before);
    // What is gathered in any case is no reason; compare on the operand as it is asked now.
    TensorSharding asked = operand(index);
    double bytes =
        (double) operands.get(index).local().type().bytes()
            * mesh.size(operands.get(index).sharding().axes())
            / mesh.size(asked.axes());
    return Resharding.cost(asked, List.of(), whole, bytes, mesh);
  }

  /// What operand `index` must be.
  TensorSharding operand(int index) {
    return tensor(rule.operands().get(index), cuts);
  }

  /// What result `index` comes out as.
  TensorSharding result(int index) {
    return tensor(rule.results().get(index), cuts);
  }

  private TensorSharding tensor(List<List<Integer>> dims, List<DimSharding> factors) {
    return new TensorSharding(
        dims.stream()
            .map(numbers -> DimSharding.join(numbers.stream().map(factors::get).toList(), mesh))
            .toList());
  }

  /// The axes over which the results are partial, in the order of the mesh.
  List<String> foldedAxes() {
    List<String> axes = new ArrayList<>();
    for (int i = 0; i < cuts.size(); i++) {
      if (rule.factors().get(i).role() == Factor.Role.FOLDED) {
        axes.addAll(cuts.get(i).axes());
      }
    }
    return mesh.inOrder(axes);
  }

  /// How the results fold; all folded factors of an op fold alike.
  Optional<ReduceOp.Kind> fold() {
    return rule.factors().stream().flatMap(factor -> factor.fold().stream()).findFirst();
  }
}
