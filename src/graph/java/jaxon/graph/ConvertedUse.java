package jaxon.graph;

import java.util.HashSet;
import java.util.Set;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.Op;
import jaxon.graph.type.DType;

/// Finds values that a graph uses in another type than their own only.
public final class ConvertedUse {
  private ConvertedUse() {}

  /// Whether all that `graph` does with `value` is to convert it to `dtype`, in regions too: then a
  /// graph that is given the converted value computes the same.
  public static boolean isOnly(Graph graph, Var value, DType dtype) {
    Set<Var> same = new HashSet<>(Set.of(value));
    for (Equation equation : graph.equations()) {
      for (int i = 0; i < equation.inputs().size(); i++) {
        if (same.contains(equation.inputs().get(i)) && !isConverted(equation, i, dtype, same)) {
          return false;
        }
      }
    }
    return graph.outputs().stream().noneMatch(same::contains);
  }

  /// True when operand `position` is used in `dtype` only; adds results that are `value` again to
  /// `same`.
  private static boolean isConverted(Equation equation, int position, DType dtype, Set<Var> same) {
    Op op = equation.op();
    if (op instanceof AnnotationOp) {
      same.addAll(equation.outputs());
      return true;
    }
    if (op instanceof ElementwiseOp.Convert(DType to)) {
      return to == dtype;
    }
    boolean passesOn =
        switch (op) {
          case ControlOp.Scan scan ->
              position < scan.consts() || position >= scan.consts() + scan.carries();
          case ControlOp.Remat _, ControlOp.Composite _, ControlOp.CustomVjp _ -> true;
          default -> false;
        };
    if (!passesOn) {
      return false;
    }
    // The first region is what runs; the others are made from it.
    Graph region = equation.regions().getFirst();
    return isOnly(region, region.inputs().get(position), dtype);
  }
}
