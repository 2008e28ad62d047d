package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;

/// The code for column and total outputs: each task folds its rows into scratch memory of its own,
/// and the tasks' results are combined in the order of their numbers.
final class PartialResults {
  /// Column results are padded to a multiple of the lanes of every species.
  private static final long PITCH_UNIT = 64;

  /// A total output: memory at the address in `parameter` holds one `double` or `long` per task.
  record Total(int output, Fold fold, int parameter) {}

  private final Nest nest;
  private final Dialect dialect;
  private final Params params;
  private final List<Target> columns = new ArrayList<>();
  private final List<Target> totals = new ArrayList<>();
  private final Map<Integer, String> bases = new HashMap<>();
  private final Map<Integer, String> pitches = new HashMap<>();
  private final String rowTasks;

  PartialResults(Reading reading, Nest nest, Dialect dialect, Params params, Tasks tasks) {
    this.nest = nest;
    this.dialect = dialect;
    this.params = params;
    for (Target target : reading.targets()) {
      switch (target.kind()) {
        case COLUMN -> columns.add(target);
        case TOTAL -> totals.add(target);
        case FULL, ROW -> {}
      }
    }
    this.rowTasks = params.value(tasks.rows());
    for (Target target : columns) {
      bases.put(target.index(), params.scratch(tasks.rows() * pitch(target)));
      pitches.put(target.index(), params.value(pitch(target)));
    }
    totals.forEach(t -> bases.put(t.index(), params.scratch(tasks.count() * 8L)));
  }

  private long pitch(Target column) {
    long elements = Math.ceilDiv(nest.columnCount(), PITCH_UNIT) * PITCH_UNIT;
    return elements * dialect.accumulatorBytes(column.requireFold().dtype());
  }

  boolean hasColumns() {
    return !columns.isEmpty();
  }

  /// The total outputs and the parameter with the address of their tasks' results.
  List<Total> totals() {
    return totals.stream()
        .map(t -> new Total(t.index(), t.requireFold(), params.index(base(t.index()))))
        .toList();
  }

  private String base(int output) {
    String base = bases.get(output);
    if (base == null) {
      throw new IllegalStateException("output " + output + " is no reduction");
    }
    return base;
  }

  /// The variable with the address of this task's results for a column output.
  static String column(int output) {
    return "column" + output;
  }

  /// The variable with this task's result for a total output.
  static String total(int output) {
    return "total" + output;
  }

  /// Neutral elements to start from.
  void begin(Code code) {
    for (Target target : totals) {
      DType dtype = target.requireFold().dtype();
      ReduceOp.Kind kind = target.requireFold().kind();
      String neutral =
          dtype.isFloat()
              ? "double " + total(target.index()) + " = " + Spelling.of(Reductions.neutral(kind))
              : "long " + total(target.index()) + " = " + Reductions.neutral(kind, dtype) + "L";
      code.line(neutral + ";");
    }
    for (Target target : columns) {
      Fold fold = target.requireFold();
      String pitch = pitches.get(target.index());
      String name = column(target.index());
      int bytes = dialect.accumulatorBytes(fold.dtype());
      code.line("final long " + name + " = " + base(target.index()) + " + task * " + pitch + ";");
      code.open(
          "for (long j = 0; j < " + pitch + "; j += " + dialect.lanes() + " * " + bytes + ")");
      String neutral = dialect.neutral(fold.kind(), fold.dtype());
      dialect.storeAccumulator(code, fold.dtype(), name + " + j", neutral, false);
      code.close();
    }
  }

  /// Folds `value` into the column result at `address`.
  void accumulateColumn(Code code, Fold fold, String address, String value, boolean tail) {
    String old = dialect.loadAccumulator(fold.dtype(), address, tail);
    // The masked form would have to keep the old lanes; storing only the lanes that are there does.
    String folded = dialect.accumulate(fold.kind(), fold.dtype(), old, value, false);
    dialect.storeAccumulator(code, fold.dtype(), address, folded, tail);
  }

  /// Folds the lanes of `accumulator` into this task's total.
  void accumulateTotal(Code code, Target target, String accumulator) {
    Fold fold = target.requireFold();
    String name = total(target.index());
    String lanes = dialect.folded(fold, accumulator);
    String text =
        switch (fold.kind()) {
          case SUM -> name + " + " + lanes;
          case PRODUCT -> name + " * " + lanes;
          case MAX -> extreme("max", fold.dtype(), name, lanes);
          case MIN -> extreme("min", fold.dtype(), name, lanes);
          case AND -> name + " & " + lanes;
          case OR -> name + " | " + lanes;
        };
    code.line(name + " = " + text + ";");
  }

  private static String extreme(String name, DType dtype, String x, String y) {
    String type = dtype == DType.UI64 ? "ScalarOps." + name + "Unsigned" : "Math." + name;
    return type + "(" + x + ", " + y + ")";
  }

  /// Writes this task's totals.
  void end(Code code) {
    for (Target target : totals) {
      String layout = target.requireFold().dtype().isFloat() ? "DOUBLE" : "LONG";
      String address = base(target.index()) + " + task * 8";
      code.line("ALL.set(" + layout + ", " + address + ", " + total(target.index()) + ");");
    }
  }

  /// The method that combines column results.
  void columns(Code code) {
    code.line("@Override").open("public void columns(long[] a, long from, long end)");
    if (hasColumns()) {
      params.declare(code, 0, params.count());
    }
    for (Target target : columns) {
      code.open("for (long j = from; j < end; j += " + dialect.lanes() + ")");
      combine(code, target);
      code.close();
    }
    code.close();
  }

  private void combine(Code code, Target target) {
    Fold fold = target.requireFold();
    DType dtype = fold.dtype();
    int bytes = dialect.accumulatorBytes(dtype);
    String start = base(target.index()) + " + j * " + bytes;
    code.line(
        dialect.accumulatorType(dtype)
            + " folded = "
            + dialect.loadAccumulator(dtype, start, false)
            + ";");
    code.open("for (long t = 1; t < " + rowTasks + "; t++)");
    code.line("long next = " + start + " + t * " + pitches.get(target.index()) + ";");
    String next = dialect.loadAccumulator(dtype, "next", false);
    code.line("folded = " + dialect.accumulate(fold.kind(), dtype, "folded", next, false) + ";");
    code.close();
    dialect.rounded(code, "result", fold, "folded");
    String address = params.output(target.index()) + " + j * " + dtype.bytes();
    if (dialect.lanes().equals("1")) {
      dialect.store(code, dtype, address, "result", false);
      return;
    }
    code.open("if (j + " + dialect.lanes() + " <= end)");
    dialect.store(code, dtype, address, "result", false);
    code.reopen("else");
    dialect.beginTail(code);
    dialect.store(code, dtype, address, "result", true);
    code.close();
  }
}
