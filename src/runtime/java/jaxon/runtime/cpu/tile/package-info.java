/// What kernels on tiles in scratch memory share: vectors of bf16 and f32 ([Lanes]), exponentials
/// ([Exp2]), logits ([LogitTile]) and the matrix products between tiles ([Products]).
///
/// Knows neither attention nor losses. Start at [Lanes].
@NullMarked
package jaxon.runtime.cpu.tile;

import org.jspecify.annotations.NullMarked;
