package jaxon.layers;

import jaxon.graph.tree.Tree;

/// Facts about the parameters of a tree of layers.
public final class Parameters {
  private Parameters() {}

  /// How many numbers the leaves of a tree (of arrays or placeholders) have together.
  public static long count(Object tree) {
    return Tree.leaves(tree).stream().mapToLong(leaf -> leaf.shape().elements()).sum();
  }
}
