package jaxon.runtime.cpu.loop;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.UnaryOp;

/// Which values of a row are kept for later passes over the row instead of being computed again:
/// the expensive functions. Cheap values are computed again from what they need.
final class Stashes {
  private Stashes() {}

  /// The values to keep, with the pass that computes each.
  ///
  /// @param passes per pass the values that it writes or folds
  static Map<Node, Integer> of(List<List<Node>> passes) {
    Map<Node, Integer> first = new HashMap<>();
    Map<Node, Integer> kept = new LinkedHashMap<>();
    for (int pass = 0; pass < passes.size(); pass++) {
      Set<Node> seen = new HashSet<>();
      for (Node root : passes.get(pass)) {
        visit(root, pass, first, kept, seen);
      }
    }
    return kept;
  }

  private static void visit(
      Node node, int pass, Map<Node, Integer> first, Map<Node, Integer> kept, Set<Node> seen) {
    if (!seen.add(node)) {
      return;
    }
    if (isExpensive(node)) {
      Integer computed = first.putIfAbsent(node, pass);
      if (computed != null && computed < pass) {
        kept.put(node, computed);
        return;
      }
    }
    node.operands().forEach(operand -> visit(operand, pass, first, kept, seen));
  }

  private static boolean isExpensive(Node node) {
    if (!(node.form() instanceof Node.Apply apply) || !node.dtype().isFloat()) {
      return false;
    }
    return switch (apply.op()) {
      case UnaryOp op ->
          switch (op) {
            case COSINE,
                ERF,
                EXPONENTIAL,
                EXPONENTIAL_MINUS_ONE,
                LOG,
                LOG_PLUS_ONE,
                LOGISTIC,
                SINE,
                TANH ->
                true;
            case ABS, CEIL, FLOOR, IS_FINITE, NEGATE, NOT, ROUND_NEAREST_EVEN, RSQRT, SIGN, SQRT ->
                false;
          };
      case BinaryOp op -> op == BinaryOp.POWER;
      default -> false;
    };
  }
}
