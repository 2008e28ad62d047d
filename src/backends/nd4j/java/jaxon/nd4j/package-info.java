/// Placeholder.
@NullMarked
package jaxon.nd4j;

import org.jspecify.annotations.NullMarked;
