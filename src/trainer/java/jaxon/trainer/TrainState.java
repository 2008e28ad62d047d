package jaxon.trainer;

import java.util.List;
import jaxon.graph.trace.Array;

/// What a training step takes and gives anew.
///
/// @param params the model, a tree of parameters
/// @param moments the optimizer's trees, each like `params`
/// @param step number of updates done (`i32[]`)
record TrainState<M>(M params, List<M> moments, Array step) {}
