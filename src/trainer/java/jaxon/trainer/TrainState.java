package jaxon.trainer;

import java.util.List;
import jaxon.graph.trace.Array;

/// What a training step takes and gives anew.
///
/// @param params the model, a tree of parameters
/// @param moments the optimizer's trees, each like `params`
/// @param step number of updates done (`i32[]`)
/// @param copies of some parameters in the type that the model computes in; they follow from
///   `params`
record TrainState<M>(M params, List<M> moments, Array step, List<Array> copies) {
  TrainState {
    moments = List.copyOf(moments);
    copies = List.copyOf(copies);
  }
}
