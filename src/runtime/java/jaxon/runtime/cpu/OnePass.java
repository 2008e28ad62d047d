package jaxon.runtime.cpu;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;

/// Which operands of a loop may be overwritten by its results.
///
/// A loop that goes over its elements once reads an element of each operand and then writes the
/// element of each result in the same place. Loops that reduce rows read rows again after that
/// reduction, and loops that move elements read other places; both keep their operands.
final class OnePass {
  private OnePass() {}

  /// The positions of the inputs of `region` that nothing is read of after the result in the same
  /// place is written.
  static Set<Integer> overwritable(Graph region) {
    Set<Var> inPlace = new HashSet<>(region.inputs());
    Set<Var> elsewhere = new HashSet<>();
    for (Equation equation : region.equations()) {
      switch (equation.op()) {
        case UnaryOp _, BinaryOp _, ElementwiseOp _, SourceOp _ -> {}
        case ShapeOp.BroadcastInDim _, ShapeOp.Reshape _ -> elsewhere.addAll(equation.inputs());
        case ReduceOp.Reduce reduce -> {
          if (reducesRows(reduce, equation.inputs().getFirst())) {
            return Set.of();
          }
        }
        default -> {
          return Set.of();
        }
      }
    }
    inPlace.removeAll(elsewhere);
    Set<Integer> positions = new HashSet<>();
    for (int i = 0; i < region.inputs().size(); i++) {
      if (inPlace.contains(region.inputs().get(i))) {
        positions.add(i);
      }
    }
    return positions;
  }

  /// True unless `reduce` folds all dims, or leaves the last one that is larger than 1.
  private static boolean reducesRows(ReduceOp.Reduce reduce, Var operand) {
    List<Long> dims = operand.type().shape().toList();
    int last = -1;
    boolean foldsAll = true;
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i) != 1) {
        last = i;
        foldsAll &= reduce.dims().contains(i);
      }
    }
    return !foldsAll && reduce.dims().contains(last);
  }
}
