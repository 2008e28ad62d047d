package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.type.Shape;

/// Finds out, per output of a region, whether it is full, row, column or total.
final class Classification {
  private final Space space;
  private final Map<Var, Equation> definitions = new HashMap<>();
  private final Map<Var, Integer> uses = new HashMap<>();

  private Classification(Graph region, Space space) {
    this.space = space;
    for (Equation equation : region.equations()) {
      equation.outputs().forEach(output -> definitions.put(output, equation));
      equation.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
    }
    region.outputs().forEach(output -> uses.merge(output, 1, Integer::sum));
  }

  static List<Target> of(Graph region, Space space) {
    Classification classification = new Classification(region, space);
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < region.outputs().size(); i++) {
      targets.add(classification.target(i, region.outputs().get(i)));
    }
    return targets;
  }

  private Target target(int index, Var output) {
    Var source = unshaped(output);
    Equation definition = definitions.get(source);
    if (definition != null && definition.op() instanceof ReduceOp.Reduce reduce) {
      Var operand = definition.inputs().getFirst();
      Fold fold = new Fold(reduce.kind(), operand, source.type().dtype(), 0);
      if (isTotal(reduce, operand.type().shape(), source)) {
        return new Target(index, Target.Kind.TOTAL, output, fold);
      }
      if (isColumn(reduce, operand.type().shape())) {
        return new Target(index, Target.Kind.COLUMN, output, fold);
      }
    }
    return new Target(index, fullOrRow(output), output, null);
  }

  private Target.Kind fullOrRow(Var output) {
    long elements = output.type().shape().elements();
    if (elements == space.rowCount() * space.columnCount()) {
      return Target.Kind.FULL;
    }
    if (elements == space.rowCount()) {
      return Target.Kind.ROW;
    }
    throw new UnsupportedLoopException(
        "output " + output.type() + " is neither as large as the loop nor as its rows");
  }

  /// The value that `output` is a reshape of.
  private Var unshaped(Var output) {
    Var source = output;
    Equation definition = definitions.get(source);
    while (definition != null && definition.op() instanceof ShapeOp.Reshape) {
      source = definition.inputs().getFirst();
      definition = definitions.get(source);
    }
    return source;
  }

  private boolean isLoopShaped(Shape shape) {
    return shape.elements() == space.rowCount() * space.columnCount();
  }

  /// A fold of everything; where the loop is one row and others use the result, it is a row's.
  private boolean isTotal(ReduceOp.Reduce reduce, Shape operand, Var result) {
    return isLoopShaped(operand)
        && operand.elements() > 1
        && operand.without(reduce.dims()).elements() == 1
        && (space.rowCount() > 1 || uses.getOrDefault(result, 0) == 1);
  }

  /// Folds the leading dims, as many elements as there are rows.
  private boolean isColumn(ReduceOp.Reduce reduce, Shape operand) {
    return isLoopShaped(operand)
        && space.rowCount() > 1
        && operand.without(reduce.dims()).elements() == space.columnCount()
        && Reductions.foldsLeading(reduce, operand);
  }
}
