/// Placeholder.
@NullMarked
package jaxon.trainer;

import org.jspecify.annotations.NullMarked;
