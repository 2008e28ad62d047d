/// Placeholder.
@NullMarked
package jaxon.input;

import org.jspecify.annotations.NullMarked;
