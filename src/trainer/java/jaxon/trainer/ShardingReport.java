package jaxon.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Executable;
import jaxon.runtime.mesh.MeshExecutable;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Sharding;
import jaxon.sharding.partition.CollectiveUse;

/// What `debug_sharding` prints: every parameter and the activations that layers place, with their
/// logical axes, mesh axes, shape and bytes on a device, then every collective of a step.
record ShardingReport(TrainPrograms programs) {
  private static final double MIB = 1L << 20;

  /// A tensor with its axes.
  private record Row(String name, LogicalAxes axes, TensorType type) {}

  /// The report, line by line; the collectives are known when the step is compiled.
  List<String> lines(Executable step) {
    List<String> lines = new ArrayList<>();
    lines.add("Mesh       " + mesh().mesh());
    lines.add("Parameters on each device");
    params().forEach(row -> lines.add(line(row)));
    lines.add("Activations on each device");
    activations().forEach(row -> lines.add(line(row)));
    if (step instanceof MeshExecutable executable) {
      lines.add("Collectives of a step, with the bytes that each device sends at least");
      lines.addAll(collectives(executable.program().graph()));
    }
    lines.addAll(dropped());
    return lines;
  }

  private RunMesh mesh() {
    return programs.placement().mesh();
  }

  private List<Row> params() {
    List<String> paths = Tree.paths(programs.paramsTemplate());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      TensorType type = Tree.leaves(programs.paramsTemplate()).get(i).type();
      rows.add(new Row(paths.get(i), programs.placement().axes().get(i), type));
    }
    return rows;
  }

  /// The values that the step's layers constrain, each kind once.
  private Set<Row> activations() {
    Set<Row> rows = new LinkedHashSet<>();
    collect(programs.step().graph(), rows);
    return rows;
  }

  private static void collect(Graph graph, Set<Row> rows) {
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof AnnotationOp.ShardingConstraint(LogicalAxes axes)) {
        rows.add(new Row("", axes, equation.output().type()));
      }
      equation.regions().forEach(region -> collect(region, rows));
    }
  }

  private String line(Row row) {
    LogicalAxisRules.Assignment assignment =
        mesh().rules().assign(row.axes(), row.type().shape(), mesh().mesh());
    PartitionSpec spec = assignment.spec();
    Shape local = new Sharding(mesh().mesh(), spec).localShape(row.type().shape());
    TensorType part = row.type().withShape(local);
    return String.format(
        Locale.ROOT,
        "  %-48s %-44s %-28s %-22s %9.3f MiB",
        row.name().isEmpty() ? row.type() : row.name() + " " + row.type(),
        row.axes(),
        spec,
        part,
        part.bytes() / MIB);
  }

  private static List<String> collectives(Graph graph) {
    SequencedMap<String, long[]> times = new LinkedHashMap<>();
    SequencedMap<String, Double> bytes = new LinkedHashMap<>();
    double total = 0;
    for (CollectiveUse use : CollectiveUse.of(graph)) {
      String name = what(use);
      times.computeIfAbsent(name, _ -> new long[1])[0] += use.times();
      bytes.merge(name, use.bytes(), Double::sum);
      total += use.bytes();
    }
    List<String> lines = new ArrayList<>();
    times.forEach((name, count) ->
        lines.add(
            String.format(
                Locale.ROOT,
                "  %4d x %-90s %9.3f MiB",
                count[0],
                name,
                bytes.getOrDefault(name, 0.0) / MIB)));
    lines.add(String.format(Locale.ROOT, "  %-97s %9.3f MiB", "all", total / MIB));
    return lines;
  }

  private static String what(CollectiveUse use) {
    String op = use.op().opName();
    return "%s %s: %s -> %s"
        .formatted(
            op.substring(op.indexOf('.') + 1), use.op().group(), use.operand(), use.result());
  }

  /// Mesh axes that do not divide a dim.
  private List<String> dropped() {
    Set<String> lines = new LinkedHashSet<>();
    for (Row row : params()) {
      mesh()
          .rules()
          .assign(row.axes(), row.type().shape(), mesh().mesh())
          .dropped()
          .forEach(left -> lines.add("  " + row.name() + ": " + left));
    }
    List<String> all = new ArrayList<>();
    if (!lines.isEmpty()) {
      all.add("Axes that do not divide a dim, which stays whole there");
      all.addAll(lines);
    }
    return all;
  }
}
