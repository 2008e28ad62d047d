/// SHA-256, for whoever must notice that bytes are not those that they were or should be.
///
/// Bytes or a text go in, 32 bytes or their hexadecimal digits come out: [Sha256]. It lies below
/// all other modules and knows none of them.
@NullMarked
package jaxon.digest;

import org.jspecify.annotations.NullMarked;
