/// The command line: `bin/jaxon COMMAND …`.
///
/// Arguments come in, an exit code goes out. [Jaxon] is the place to start: it holds the commands,
/// one class each, and [FailureReport] turns what a command throws into a message and an exit code.
/// A command parses its arguments and hands over to the trainer or another part; it computes
/// nothing itself.
///
/// This is the one package that may know everything below it, except the backends, which
/// `ServiceLoader` finds, and the one package that writes to the standard output.
@NullMarked
package jaxon.cli;

import org.jspecify.annotations.NullMarked;
