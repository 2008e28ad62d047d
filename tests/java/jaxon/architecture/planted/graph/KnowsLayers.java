package jaxon.architecture.planted.graph;

import jaxon.architecture.planted.layers.KnowsGraph;

/// Knows a module above its own, and closes a cycle.
record KnowsLayers(KnowsGraph upward) {}
