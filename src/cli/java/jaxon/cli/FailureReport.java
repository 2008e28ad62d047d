package jaxon.cli;

import java.io.PrintWriter;
import jaxon.checkpoint.CheckpointException;
import jaxon.cluster.ClusterException;
import jaxon.cluster.ClusterUsageException;
import jaxon.config.ConfigException;
import jaxon.inference.InferenceException;
import jaxon.input.source.InputException;
import jaxon.runtime.BackendUnavailableException;
import jaxon.runtime.CompileException;
import jaxon.trainer.TrainingException;
import jaxon.trainer.metrics.MetricSinkException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Turns what a command throws into a message and an exit code.
///
/// A mistake of the user, in the configuration or in the data, and a failure that the user can do
/// something about are told by their message alone, which says what to do. Anything else is told in
/// one line; with `debug` the stack trace follows.
///
/// @param debug whether to print stack traces
record FailureReport(boolean debug) implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, @Nullable ParseResult arguments) {
    PrintWriter err = command.getErr();
    int code =
        switch (failure) {
          case ClusterUsageException e -> tell(err, e, ExitCode.USAGE);
          case ClusterException e -> tell(err, e, ExitCode.SOFTWARE);
          case ConfigException e -> tell(err, e, ExitCode.USAGE);
          case InputException e -> tell(err, e, ExitCode.USAGE);
          case TrainingException e ->
              tell(err, e, e.isUsage() ? ExitCode.USAGE : ExitCode.SOFTWARE);
          case InferenceException e -> tell(err, e, ExitCode.USAGE);
          case BackendUnavailableException e -> tell(err, e, ExitCode.USAGE);
          case CheckpointException e ->
              tell(err, e, e.isUsage() ? ExitCode.USAGE : ExitCode.SOFTWARE);
          case CompileException e -> tell(err, e, ExitCode.SOFTWARE);
          case MetricSinkException e -> tell(err, e, ExitCode.SOFTWARE);
          default -> unexpected(err, failure);
        };
    if (debug) {
      failure.printStackTrace(err);
    }
    return code;
  }

  private static int tell(PrintWriter err, Exception failure, int code) {
    err.println(failure.getMessage());
    return code;
  }

  private int unexpected(PrintWriter err, Exception failure) {
    err.println(failure.toString().lines().findFirst().orElseThrow());
    if (!debug) {
      err.println("Run with JAXON_DEBUG=1 for the stack trace.");
    }
    return ExitCode.SOFTWARE;
  }
}
