/// Tests that see the library as a user does: from a package outside the tracing machinery, so that
/// error messages can name their lines.
@NullMarked
package jaxon.user;

import org.jspecify.annotations.NullMarked;
