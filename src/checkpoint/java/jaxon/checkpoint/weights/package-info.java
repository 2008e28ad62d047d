/// The weights of a model's directory, in whichever files they are: safetensors, or PyTorch's.
///
/// Flow: [jaxon.checkpoint.weights.WeightsDirectory] finds the
/// [jaxon.checkpoint.weights.WeightsForm] that a directory has, opens its one file or all that its
/// [jaxon.checkpoint.weights.ShardIndex] names, and shows them as one source. Start at
/// [jaxon.checkpoint.weights.WeightsDirectory]. Nothing here knows what the tensors are for.
@NullMarked
package jaxon.checkpoint.weights;

import org.jspecify.annotations.NullMarked;
