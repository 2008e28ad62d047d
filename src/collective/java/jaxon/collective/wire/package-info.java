/// Fewer bytes on the wire than the elements have.
///
/// Start at [jaxon.collective.wire.Bf16Wire]. It rounds, calls a communicator and widens; it does
/// not know what carries the bytes.
@NullMarked
package jaxon.collective.wire;

import org.jspecify.annotations.NullMarked;
