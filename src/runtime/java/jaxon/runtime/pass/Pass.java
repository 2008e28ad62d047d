package jaxon.runtime.pass;

import jaxon.graph.Graph;

/// One rewrite of a graph into an equivalent graph of the same type.
///
/// A pass is pure and deterministic, walks the equations in order, recurses into regions only, and
/// returns the graph it was given when it finds nothing to do.
public interface Pass {
  /// The name used in dumps and in messages that blame the pass.
  default String name() {
    return getClass().getSimpleName();
  }

  /// The rewritten graph; its inputs and outputs keep their count, order and types.
  Graph run(Graph graph);
}
