package jaxon.architecture.planted.layers;

import jaxon.architecture.planted.graph.UsesLibraries;

/// Knows a module below its own, as it may.
public record KnowsGraph(UsesLibraries downward) {}
