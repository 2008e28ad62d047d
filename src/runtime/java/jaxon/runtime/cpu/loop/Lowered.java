package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.Layout;

/// A region as source text and the numbers that the text takes.
///
/// @param source the text of a class, with `CLASS` where its name belongs
/// @param columnCount columns that column outputs are combined over, 0 without such outputs
/// @param flops arithmetic ops, counted one per op and element
record Lowered(
    String source,
    Params params,
    Tasks tasks,
    long rows,
    long width,
    long columnCount,
    List<PartialResults.Total> totals,
    List<TensorType> outputs,
    int inputs,
    long threadBytes,
    Set<Sharing.Pair> sharing,
    long flops,
    long bytes) {
  static Lowered of(Graph region, Shape shape, int rowDims, List<Layout> inputs, int vectorBits) {
    requireLayouts(region, inputs);
    if (shape.elements() == 0) {
      throw new UnsupportedLoopException("a loop of shape " + shape + " has no elements");
    }
    Space space = Space.of(shape, rowDims);
    boolean structured = isStructured(region, space);
    if (!structured) {
      space = Space.of(shape, shape.rank());
    }
    Reading reading = Reading.of(region, space, inputs);
    Nest nest = Nest.of(reading, structured);
    List<TensorType> outputs = region.outputTypes();
    long bytes = Cost.bytes(inputs, outputs);
    boolean columns = reading.targets().stream().anyMatch(t -> t.kind() == Target.Kind.COLUMN);
    Tasks tasks = Tasks.of(nest.rowCount(), nest.width(), bytes, !structured, columns);
    Dialect dialect = usesVectors(reading) ? new VectorDialect(vectorBits) : new ScalarDialect();
    KernelWriter writer =
        new KernelWriter(reading, nest, dialect, tasks, inputs.size(), outputs.size());
    String source = writer.write();
    return new Lowered(
        source,
        writer.params(),
        tasks,
        nest.rowCount(),
        nest.width(),
        columns ? nest.columnCount() : 0,
        writer.partials().totals(),
        outputs,
        inputs.size(),
        writer.threadBytes(),
        Sharing.of(reading, inputs.size()),
        Cost.flops(region),
        bytes);
  }

  private static void requireLayouts(Graph region, List<Layout> inputs) {
    List<TensorType> types =
        inputs.stream().map(x -> new TensorType(x.dtype(), x.shape())).toList();
    if (!types.equals(region.inputTypes())) {
      throw new IllegalArgumentException(
          "a loop with inputs " + region.inputTypes() + " was given layouts of " + types);
    }
  }

  /// Whether rows and columns differ: some result is a row's or a column's.
  private static boolean isStructured(Graph region, Space space) {
    Set<Var> totals = new HashSet<>();
    for (Target target : Classification.of(region, space)) {
      switch (target.kind()) {
        case ROW, COLUMN -> {
          return true;
        }
        case TOTAL -> totals.add(target.requireFold().operand());
        case FULL -> {}
      }
    }
    return Reductions.anyBut(region, totals);
  }

  private static boolean usesVectors(Reading reading) {
    List<Node> open = new ArrayList<>();
    for (List<Body> bodies : reading.rowBoxes()) {
      bodies.forEach(body -> open.addAll(body.roots()));
    }
    Set<Node> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (seen.add(node)) {
        if (!VectorDialect.supports(node.dtype()) || !VectorOps.supports(node)) {
          return false;
        }
        open.addAll(node.operands());
      }
    }
    return true;
  }
}
