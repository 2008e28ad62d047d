/// Placeholder.
@NullMarked
package jaxon.graph;

import org.jspecify.annotations.NullMarked;
