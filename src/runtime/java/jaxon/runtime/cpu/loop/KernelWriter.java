package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;

/// Writes the Java class of a loop.
///
/// The class runs a range of rows; of each row it makes one or several passes over the columns, in
/// each of which the innermost loop runs in vectors with a masked last step. What a loop does not
/// change stands before it.
final class KernelWriter {
  private final Reading reading;
  private final Nest nest;
  private final Dialect dialect;
  private final Params params;
  private final Scope taskScope = new Scope(null, Nest.TASK);
  private final Values values;
  private final PartialResults partials;
  private final Stash stash;

  KernelWriter(Reading reading, Nest nest, Dialect dialect, Tasks tasks, int inputs, int outputs) {
    this.reading = reading;
    this.nest = nest;
    this.dialect = dialect;
    this.params = new Params(inputs, outputs);
    this.values = new Values(nest, dialect, params);
    this.stash = new Stash(nest.columnCount(), params);
    this.partials = new PartialResults(reading, nest, dialect, params, tasks);
  }

  Params params() {
    return params;
  }

  PartialResults partials() {
    return partials;
  }

  /// Scratch bytes per thread.
  long threadBytes() {
    return stash.bytes();
  }

  /// The text of the class, with `CLASS` where its name belongs.
  String write() {
    Code rows = new Code();
    Code body = rowBody();
    rows.append(taskScope.code());
    openRows(rows);
    rows.append(body);
    closeRows(rows);
    int runParams = params.count();
    Code text = new Code();
    Preamble.write(text);
    text.open("public final class CLASS implements GeneratedLoop");
    dialect.header(text);
    text.line("@Override");
    text.open(
        "public void run(long[] a, long first, long last, long from, long to, long task, long"
            + " scratch)");
    params.declare(text, 0, runParams);
    partials.begin(text);
    text.append(rows);
    partials.end(text);
    text.close();
    partials.columns(text);
    text.close();
    return new Inlining(dialect.laneCount()).expand(text).toString();
  }

  private void openRows(Code code) {
    List<Nest.Group> groups = nest.rows();
    if (groups.isEmpty()) {
      code.open("if (first < last)");
      return;
    }
    String rest = "first";
    for (int i = groups.size() - 1; i > 0; i--) {
      String size = params.value(groups.get(i).size());
      code.line("long i" + i + " = " + rest + " % " + size + ";");
      rest = "(" + rest + ") / " + size;
    }
    code.line("long i0 = " + rest + ";");
    code.open("for (long row = first; row < last; row++)");
  }

  private void closeRows(Code code) {
    for (int i = nest.rows().size() - 1; i >= 0; i--) {
      code.line("i" + i + "++;");
      if (i > 0) {
        String size = params.value(nest.rows().get(i).size());
        code.open("if (i" + i + " == " + size + ")").line("i" + i + " = 0;");
      }
    }
    for (int i = nest.rows().size() - 1; i > 0; i--) {
      code.close();
    }
    code.close();
  }

  private Code rowBody() {
    Code code = new Code();
    for (List<Body> bodies : reading.rowBoxes()) {
      Scope row = new Scope(taskScope, 0);
      new RowWriter(reading, nest, dialect, params, values, partials, stash).write(row, bodies);
      String condition = condition(bodies.getFirst().box());
      if (condition.isEmpty()) {
        code.open("");
      } else {
        code.open("if (" + condition + ")");
      }
      code.append(row.code()).close();
    }
    return code;
  }

  /// When the row lies in `box`; empty if every row does.
  private String condition(Box box) {
    List<String> conditions = new ArrayList<>();
    Space space = reading.space();
    for (int i = 0; i < nest.rows().size(); i++) {
      Nest.Group group = nest.rows().get(i);
      if (Nest.start(box, group, space) > 0) {
        conditions.add("i" + i + " >= " + params.value(Nest.start(box, group, space)));
      }
      if (Nest.end(box, group, space) < group.size()) {
        conditions.add("i" + i + " < " + params.value(Nest.end(box, group, space)));
      }
    }
    return String.join(" && ", conditions);
  }
}
