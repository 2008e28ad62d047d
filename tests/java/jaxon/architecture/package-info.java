/// Checks of the code base as a whole: who may know whom, what may be used where, how things are
/// named, how long files and methods may be.
///
/// [MainClasses] holds the compiled classes, [Sources] the source files. Each rule is a function of
/// the root package or of a text, so that the tests can also show it failing: on the classes of the
/// `planted` package, which break every rule on purpose, or on a few lines of text.
@NullMarked
package jaxon.architecture;

import org.jspecify.annotations.NullMarked;
