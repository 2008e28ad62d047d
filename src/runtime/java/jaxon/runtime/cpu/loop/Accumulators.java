package jaxon.runtime.cpu.loop;

import java.util.Map;
import java.util.TreeMap;

/// The variables that one pass over a row folds into.
final class Accumulators {
  private final Reading reading;
  private final Dialect dialect;
  private final Map<Integer, String> rowFolds = new TreeMap<>();
  private final Map<Integer, String> totals = new TreeMap<>();

  Accumulators(Reading reading, Dialect dialect) {
    this.reading = reading;
    this.dialect = dialect;
  }

  /// Declares what `work` needs and is not declared yet.
  void declare(Scope row, RowPlan.Work work, Values values) {
    for (int fold : work.rowFolds()) {
      if (!rowFolds.containsKey(fold)) {
        rowFolds.put(fold, declare(row, reading.rowFolds().get(fold), values));
      }
    }
    for (int output : work.folded()) {
      Target target = reading.targets().get(output);
      if (target.kind() == Target.Kind.TOTAL && !totals.containsKey(output)) {
        totals.put(output, declare(row, target.requireFold(), values));
      }
    }
  }

  private String declare(Scope row, Fold fold, Values values) {
    String name = values.fresh("acc");
    String neutral = dialect.neutral(fold.kind(), fold.dtype());
    row.code().line(dialect.accumulatorType(fold.dtype()) + " " + name + " = " + neutral + ";");
    return name;
  }

  /// Folds `value` into row reduction `fold`.
  void rowFold(Code code, int fold, String value, boolean tail) {
    accumulate(code, reading.rowFolds().get(fold), name(rowFolds, fold), value, tail);
  }

  /// Folds `value` into total output `output`.
  void total(Code code, int output, String value, boolean tail) {
    Fold fold = reading.targets().get(output).requireFold();
    accumulate(code, fold, name(totals, output), value, tail);
  }

  private void accumulate(Code code, Fold fold, String name, String value, boolean tail) {
    String folded = dialect.accumulate(fold.kind(), fold.dtype(), name, value, tail);
    code.line(name + " = " + folded + ";");
  }

  private static String name(Map<Integer, String> names, int key) {
    String name = names.get(key);
    if (name == null) {
      throw new IllegalStateException("no accumulator for " + key);
    }
    return name;
  }

  /// Makes the results known to the rest of the row.
  void finish(Scope row, PartialResults partials, Values values) {
    rowFolds.forEach((number, accumulator) -> {
      Fold fold = reading.rowFolds().get(number);
      String name = values.fresh("v");
      dialect.finish(row.code(), name, fold, accumulator);
      row.define(new Node.Folded(number), name);
    });
    totals.forEach((output, accumulator) ->
        partials.accumulateTotal(row.code(), reading.targets().get(output), accumulator));
  }
}
