/// Layers: records whose [jaxon.graph.trace.Array] components are parameters and whose other
/// components are static.
///
/// Flow: a layer's `init` asks an [Initializer] for its parameters while an init program is traced,
/// which also notes the logical axes of each; its `apply` traces what the layer computes. Layers
/// are put together as records of layers: [Linear], [Embedding], [RmsNorm], [RotaryEmbedding] and
/// [DotProductAttention] make [Attention] and [Mlp], these make a decoder layer, and a [LayerStack]
/// of those makes a model, which is a [CausalLm]. [ContextParallelism] says how attention meets
/// keys of other devices. [CrossEntropy] is the loss. To make text a model goes on from a [KvCache]
/// with [NewTokens], by the same layers. Start at [CausalLm]; the model families are packages of
/// their own below this one.
///
/// Shapes are told with these letters: B batch, T length (S where it is that of the keys), D width
/// of the model (emb_dim), H query heads, G key and value heads, R = H / G, K width of a head, M
/// hidden width of the MLP, V vocabulary, L layers.
///
/// Layers know the logical names of dims only, nothing of meshes, backends, derivatives or
/// optimizers; ring attention knows its ring.
@NullMarked
package jaxon.layers;

import org.jspecify.annotations.NullMarked;
