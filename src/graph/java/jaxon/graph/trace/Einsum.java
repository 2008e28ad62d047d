package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.SourceLine;
import jaxon.graph.type.DType;
import jaxon.graph.type.ShapeException;

/// A two-operand Einstein summation, lowered to dot_general and a transpose.
record Einsum(String spec, String lhs, String rhs, String result) {
  static Einsum parse(String spec) {
    int comma = spec.indexOf(',');
    int arrow = spec.indexOf("->");
    if (comma < 0 || arrow < comma) {
      throw new IllegalArgumentException("einsum '" + spec + "': the form is 'ab,bc->ac'");
    }
    return new Einsum(
        spec,
        spec.substring(0, comma),
        spec.substring(comma + 1, arrow),
        spec.substring(arrow + 2));
  }

  Array apply(Array left, Array right, DType dtype) {
    if (left.rank() != lhs.length() || right.rank() != rhs.length()) {
      throw new ShapeException(
          "einsum '"
              + spec
              + "' does not fit ("
              + left.type()
              + ", "
              + right.type()
              + ") (at "
              + SourceLine.ofCaller()
              + ")");
    }
    List<Integer> lhsBatch = new ArrayList<>();
    List<Integer> rhsBatch = new ArrayList<>();
    List<Integer> lhsContract = new ArrayList<>();
    List<Integer> rhsContract = new ArrayList<>();
    StringBuilder batch = new StringBuilder();
    StringBuilder free = new StringBuilder();
    for (int i = 0; i < lhs.length(); i++) {
      char label = lhs.charAt(i);
      int inRhs = rhs.indexOf(label);
      boolean inResult = result.indexOf(label) >= 0;
      if (inRhs >= 0 && inResult) {
        lhsBatch.add(i);
        rhsBatch.add(inRhs);
        batch.append(label);
      } else if (inRhs >= 0) {
        lhsContract.add(i);
        rhsContract.add(inRhs);
      } else {
        free.append(label);
      }
    }
    for (int i = 0; i < rhs.length(); i++) {
      if (lhs.indexOf(rhs.charAt(i)) < 0) {
        free.append(rhs.charAt(i));
      }
    }
    Array dot = Ops.dotGeneral(left, right, lhsBatch, rhsBatch, lhsContract, rhsContract, dtype);
    return arrange(dot, batch.append(free).toString());
  }

  private Array arrange(Array dot, String labels) {
    if (!sorted(labels).equals(sorted(result))) {
      throw new IllegalArgumentException(
          "einsum '"
              + spec
              + "': the result must name each of '"
              + labels
              + "' once: the labels of one operand alone and any shared ones that are not summed");
    }
    int[] permutation = result.chars().map(labels::indexOf).toArray();
    return labels.equals(result) ? dot : dot.transpose(permutation);
  }

  private static List<Integer> sorted(String labels) {
    return labels.chars().sorted().boxed().toList();
  }
}
