package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jaxon.graph.type.DType;

/// Writes what is done to one row: passes over its columns, then its row outputs.
final class RowWriter {
  /// Where one body's values lie after they have been computed, by the pass that computes them.
  private record Kept(Map<Node, Integer> stashed, Map<Node, Values.Place> places) {}

  /// One pass over one body.
  private record Pass(
      Body body, RowPlan.Work work, int number, Accumulators accumulators, Kept kept) {}

  private final Reading reading;
  private final Nest nest;
  private final Dialect dialect;
  private final Params params;
  private final Values values;
  private final PartialResults partials;
  private final Stash stash;
  private final Affine all;
  private final Affine columns;

  /// 32-bit lanes of the widest species.
  private static final long MOST_LANES = 16;

  RowWriter(
      Reading reading,
      Nest nest,
      Dialect dialect,
      Params params,
      Values values,
      PartialResults partials,
      Stash stash) {
    this.reading = reading;
    this.nest = nest;
    this.dialect = dialect;
    this.params = params;
    this.values = values;
    this.partials = partials;
    this.stash = stash;
    Space space = reading.space();
    this.all = space.linear(0, space.dims());
    this.columns = space.linear(space.rows(), space.dims());
  }

  void write(Scope row, List<Body> bodies) {
    RowPlan plan = RowPlan.of(reading, bodies);
    stash.reset();
    List<Kept> kept = new ArrayList<>();
    for (Body body : bodies) {
      kept.add(new Kept(Stashes.of(plan.roots(body)), new LinkedHashMap<>()));
    }
    for (int pass = 0; pass < plan.passes(); pass++) {
      Accumulators accumulators = new Accumulators(reading, dialect);
      for (Body body : bodies) {
        accumulators.declare(row, plan.work(body, pass), values);
      }
      for (int i = 0; i < bodies.size(); i++) {
        Body body = bodies.get(i);
        writeBody(row, new Pass(body, plan.work(body, pass), pass, accumulators, kept.get(i)));
      }
      accumulators.finish(row, partials, values);
    }
    values.forgetPlaces();
    writeRowOutputs(row, bodies.getFirst());
  }

  private void writeBody(Scope row, Pass pass) {
    if (pass.work().isEmpty()) {
      return;
    }
    values.forgetPlaces();
    pass.kept().places().forEach(values::keep);
    Map<Node, Values.Place> fresh = new LinkedHashMap<>();
    pass.kept()
        .stashed()
        .forEach((node, computed) -> {
          if (computed == pass.number() && values.level(node) == nest.innermost()) {
            fresh.put(node, new Values.Place(stash.row(), columns, stashBytes(node.dtype()), true));
          }
        });
    writeColumns(row, 0, pass, fresh);
    pass.kept().places().putAll(fresh);
    for (int output : pass.work().full()) {
      Node node = pass.body().output(output);
      if (node.form() instanceof Node.Apply) {
        String base = params.output(output);
        pass.kept().places().put(node, new Values.Place(base, all, node.dtype().bytes(), false));
      }
    }
  }

  private int stashBytes(DType dtype) {
    return dialect.accumulatorBytes(dtype);
  }

  /// The loops over columns from loop `group` on.
  private void writeColumns(Scope outer, int group, Pass pass, Map<Node, Values.Place> stashed) {
    if (group >= nest.columns().size() - 1) {
      writeInnermost(outer, pass, stashed);
      return;
    }
    Nest.Group loop = nest.columns().get(group);
    Scope inner = new Scope(outer, group + 1);
    writeColumns(inner, group + 1, pass, stashed);
    String index = values.columnIndex(group);
    long from = Nest.start(pass.body().box(), loop, reading.space());
    String start = from == 0 ? "0" : params.value(from);
    String end = params.value(Nest.end(pass.body().box(), loop, reading.space()));
    outer
        .code()
        .open(
            "for (long "
                + index
                + " = "
                + start
                + "; "
                + index
                + " < "
                + end
                + "; "
                + index
                + "++)")
        .append(inner.code())
        .close();
  }

  private void writeInnermost(Scope outer, Pass pass, Map<Node, Values.Place> stashed) {
    Scope main = new Scope(outer, nest.innermost());
    writeStep(main, pass, stashed, false);
    Code code = new Code();
    String lanes = dialect.lanes();
    code.open("");
    String j = "long j = " + start(pass.body()) + ";";
    code.line(j).line("final long end = " + end(pass.body()) + ";");
    code.open("for (; j <= end - " + lanes + "; j += " + lanes + ")");
    code.append(main.code());
    code.close();
    if (!lanes.equals("1") && !isWholeVectors(pass.body())) {
      Scope tail = new Scope(outer, nest.innermost());
      writeStep(tail, pass, stashed, true);
      code.open("if (j < end)");
      dialect.beginTail(code);
      code.append(tail.code());
      code.close();
    }
    code.close();
    outer.code().append(code);
  }

  /// True when no vector of any species is cut at either end: half of the code can be left out.
  /// Tasks cut the innermost loop at whole vectors.
  private boolean isWholeVectors(Body body) {
    if (nest.columns().isEmpty()) {
      return false;
    }
    Nest.Group loop = nest.columns().getLast();
    long from = Nest.start(body.box(), loop, reading.space());
    long to = Nest.end(body.box(), loop, reading.space());
    return from % MOST_LANES == 0 && to % MOST_LANES == 0;
  }

  private String start(Body body) {
    if (nest.columns().isEmpty()) {
      return "from";
    }
    long from = Nest.start(body.box(), nest.columns().getLast(), reading.space());
    return from == 0 ? "from" : "Math.max(from, " + params.value(from) + ")";
  }

  private String end(Body body) {
    if (nest.columns().isEmpty()) {
      return "to";
    }
    Nest.Group loop = nest.columns().getLast();
    long to = Nest.end(body.box(), loop, reading.space());
    return to == loop.size() ? "to" : "Math.min(to, " + params.value(to) + ")";
  }

  /// One step of the innermost loop: all values first, then the stores, so that an output may lie
  /// where an input lay.
  private void writeStep(Scope step, Pass pass, Map<Node, Values.Place> stashed, boolean tail) {
    Map<Node, String> names = new HashMap<>();
    for (Node root : pass.work().roots(pass.body())) {
      names.put(root, values.use(root, step, tail));
    }
    for (Node node : stashed.keySet()) {
      names.put(node, values.use(node, step, tail));
    }
    Code code = step.code();
    for (int fold : pass.work().rowFolds()) {
      Node node = pass.body().rowFold(fold);
      pass.accumulators().rowFold(code, fold, name(names, node), tail);
    }
    for (int output : pass.work().folded()) {
      Node node = pass.body().foldedFor(output);
      fold(step, output, name(names, node), pass.accumulators(), tail);
    }
    stashed.forEach((node, place) -> {
      String address = values.address(place.base(), place.address(), place.bytes(), step);
      dialect.storeAccumulator(code, node.dtype(), address, name(names, node), tail);
    });
    for (int output : pass.work().full()) {
      Node node = pass.body().output(output);
      String base = params.output(output);
      String address = values.address(base, all, node.dtype().bytes(), step);
      dialect.store(code, node.dtype(), address, name(names, node), tail);
    }
  }

  private static String name(Map<Node, String> names, Node node) {
    return Objects.requireNonNull(names.get(node));
  }

  private void fold(Scope step, int output, String value, Accumulators accumulators, boolean tail) {
    Target target = reading.targets().get(output);
    if (target.kind() == Target.Kind.TOTAL) {
      accumulators.total(step.code(), output, value, tail);
      return;
    }
    Fold fold = target.requireFold();
    int bytes = dialect.accumulatorBytes(fold.dtype());
    String address = values.address(PartialResults.column(output), columns, bytes, step);
    partials.accumulateColumn(step.code(), fold, address, value, tail);
  }

  private void writeRowOutputs(Scope row, Body body) {
    Space space = reading.space();
    for (Target target : reading.targets()) {
      if (target.kind() == Target.Kind.ROW) {
        Node node = body.output(target.index());
        String value = values.use(node, row, false);
        String base = params.output(target.index());
        String address =
            values.address(base, space.linear(0, space.rows()), node.dtype().bytes(), row);
        dialect.storeOne(row.code(), node.dtype(), address, value);
      }
    }
  }
}
