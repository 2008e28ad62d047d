/// Placeholder.
@NullMarked
package jaxon.cli;

import org.jspecify.annotations.NullMarked;
