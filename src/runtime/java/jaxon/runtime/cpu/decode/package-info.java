/// Kernels for a few rows at a time, as in making text: what counts is that weights and cache are
/// read once, in long streams.
///
/// Flow: a product of at most [RowProduct#MOST_ROWS] rows -> [RowProduct]; the composite
/// `jaxon.cached_attention` for one new token a row -> [CachedAttentionKernel]. What a row gets
/// does not depend on how many rows there are.
@NullMarked
package jaxon.runtime.cpu.decode;

import org.jspecify.annotations.NullMarked;
