/// What tests of several modules share; start at [jaxon.testing.Eval].
@NullMarked
package jaxon.testing;

import org.jspecify.annotations.NullMarked;
