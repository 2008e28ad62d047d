package jaxon.cli;

import java.io.PrintWriter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Turns what a command throws into a message and an exit code.
///
/// A mistake of the user, in the configuration or in the data, is told by its message alone, which
/// says what to do. Anything else is told in one line; with `debug` the stack trace follows.
///
/// @param debug whether to print stack traces
record FailureReport(boolean debug) implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, @Nullable ParseResult arguments) {
    PrintWriter err = command.getErr();
    boolean configuration = isA(failure, "ConfigException");
    if (configuration || isA(failure, "InputException")) {
      err.println(failure.getMessage());
    } else {
      err.println(failure.toString().lines().findFirst().orElseThrow());
      if (!debug) {
        err.println("Run with JAXON_DEBUG=1 for the stack trace.");
      }
    }
    if (debug) {
      failure.printStackTrace(err);
    }
    return configuration ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private static boolean isA(Exception failure, String name) {
    return Stream.<Class<?>>iterate(failure.getClass(), c -> c != null, Class::getSuperclass)
        .anyMatch(c -> c.getSimpleName().equals(name));
  }
}
