package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ReduceOp;

/// Numbers the row reductions of a region in the order of their first use.
final class RowFolds {
  private final Map<Var, Integer> numbers = new LinkedHashMap<>();
  private final List<Fold> folds = new ArrayList<>();
  private final Map<Var, Integer> depths = new HashMap<>();

  RowFolds(Graph region) {
    for (Equation equation : region.equations()) {
      int depth = equation.inputs().stream().mapToInt(this::depth).max().orElse(0);
      boolean folds = equation.op() instanceof ReduceOp.Reduce;
      equation.outputs().forEach(output -> depths.put(output, folds ? depth + 1 : depth));
    }
  }

  /// Upper bound of the number of row reductions on a way from an input to `value`.
  private int depth(Var value) {
    return depths.getOrDefault(value, 0);
  }

  /// The number of the reduction that defines `result`.
  int number(Var result, ReduceOp.Kind kind, Var operand) {
    return numbers.computeIfAbsent(
        result,
        var -> {
          folds.add(new Fold(kind, operand, var.type().dtype(), depth(operand)));
          return folds.size() - 1;
        });
  }

  Fold get(int number) {
    return folds.get(number);
  }

  List<Fold> all() {
    return List.copyOf(folds);
  }
}
