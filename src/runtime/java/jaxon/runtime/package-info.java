/// Placeholder.
@NullMarked
package jaxon.runtime;

import org.jspecify.annotations.NullMarked;
