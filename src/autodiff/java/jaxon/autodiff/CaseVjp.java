package jaxon.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import org.jspecify.annotations.Nullable;

/// A case is pulled back by a case on the same index, whose branches run the forward branch again.
final class CaseVjp {
  private CaseVjp() {}

  static RegionRules.Forward forward(
      Equation equation, List<Array> operands, List<Boolean> active) {
    List<Array> results = RegionRules.emit(equation, operands);
    List<Array> args = operands.subList(1, operands.size());
    List<Boolean> wanted = active.subList(1, active.size());
    Pullback pullback =
        cotangents -> {
          List<Array> inputs = new ArrayList<>(args);
          inputs.addAll(RegionRules.instantiate(cotangents, equation.regions().getFirst()));
          List<UnaryOperator<List<Array>>> branches = new ArrayList<>();
          for (Graph branch : equation.regions()) {
            branches.add(all -> pull(branch, all, wanted));
          }
          return scatter(Control.switchCase(operands.getFirst(), inputs, branches), active);
        };
    return new RegionRules.Forward(results, pullback);
  }

  private static List<Array> pull(Graph branch, List<Array> all, List<Boolean> wanted) {
    List<Array> args = all.subList(0, wanted.size());
    Linearization linear = Linearization.of(branch, args, wanted);
    List<@Nullable Array> cotangents =
        linear.pullback(RegionRules.nullable(all.subList(wanted.size(), all.size())));
    return IntStream.range(0, wanted.size())
        .filter(wanted::get)
        .mapToObj(i -> Cotangents.orZeros(cotangents.get(i), args.get(i).type()))
        .toList();
  }

  /// One entry per operand: the next of `values` where `present`, else null.
  private static List<@Nullable Array> scatter(List<Array> values, List<Boolean> present) {
    List<@Nullable Array> all = new ArrayList<>();
    int next = 0;
    for (boolean there : present) {
      all.add(there ? values.get(next++) : null);
    }
    return all;
  }
}
