/// Attention as one kernel forward and one backward, block by block (Dao et al., "FlashAttention",
/// 2022; the order of the loops is that of Dao, "FlashAttention-2", 2023).
///
/// Flow: the composite's attributes and operand layouts -> [AttentionShape] -> [FlashForward] or
/// [FlashBackward], which cut the work into tasks by shape, know beforehand which blocks a task
/// meets ([ForwardBlocks], [BackwardBlocks]) with the matrix product of each, and run them: product
/// of a query block with a key block, [BandMask] or [GivenPositions] and [Segments] where some
/// positions are not seen, the elementwise part ([SoftmaxTile], [GradientTile]), product with
/// values. Tiles live in scratch memory of the worker and fit its second-level cache. Start at
/// [FlashForward].
///
/// Matrix products come from [jaxon.runtime.cpu.dnnl]. Nothing here knows the graph but for the
/// composite's attributes.
@NullMarked
package jaxon.runtime.cpu.attention;

import org.jspecify.annotations.NullMarked;
