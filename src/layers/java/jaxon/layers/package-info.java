/// Placeholder.
@NullMarked
package jaxon.layers;

import org.jspecify.annotations.NullMarked;
