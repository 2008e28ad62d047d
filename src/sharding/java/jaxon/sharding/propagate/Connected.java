package jaxon.sharding.propagate;

import java.util.HashMap;
import java.util.Map;
import jaxon.graph.Var;

/// Values that are connected, directly or through others, are one group (union-find).
final class Connected {
  private final Map<Var, Var> parents = new HashMap<>();

  void join(Var left, Var right) {
    parents.put(group(left), group(right));
  }

  /// The one value that stands for the group of `var`.
  Var group(Var var) {
    Var parent = parents.getOrDefault(var, var);
    if (parent.equals(var)) {
      return var;
    }
    Var root = group(parent);
    parents.put(var, root);
    return root;
  }
}
