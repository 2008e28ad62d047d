/// The arithmetic of reductions, on memory given by address.
///
/// Start at [jaxon.collective.reduce.Fold]: contributions come in the order of the ranks, the first
/// by `first`, the others by `add`, into an accumulator that `finish` rounds into the result. It
/// does not know where contributions come from.
@NullMarked
package jaxon.collective.reduce;

import org.jspecify.annotations.NullMarked;
