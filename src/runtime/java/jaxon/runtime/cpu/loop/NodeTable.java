package jaxon.runtime.cpu.loop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.type.DType;

/// Makes nodes, each value once.
final class NodeTable {
  private record Key(Node.Form form, List<Node> operands, DType dtype) {}

  private final Map<Key, Node> nodes = new HashMap<>();

  Node make(Node.Form form, List<Node> operands, DType dtype) {
    int depth = operands.stream().mapToInt(Node::depth).max().orElse(0);
    return make(form, operands, dtype, depth);
  }

  /// The result of row reduction `number`.
  Node folded(int number, Fold fold) {
    return make(new Node.Folded(number), List.of(), fold.dtype(), fold.depth() + 1);
  }

  private Node make(Node.Form form, List<Node> operands, DType dtype, int depth) {
    return nodes.computeIfAbsent(
        new Key(form, operands, dtype),
        key -> new Node(nodes.size(), key.form(), key.operands(), key.dtype(), depth));
  }
}
