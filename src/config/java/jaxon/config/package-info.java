/// Placeholder.
@NullMarked
package jaxon.config;

import org.jspecify.annotations.NullMarked;
