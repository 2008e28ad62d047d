/// Placeholder.
@NullMarked
package jaxon.autodiff;

import org.jspecify.annotations.NullMarked;
