package jaxon.runtime;

import jaxon.graph.Equation;

/// A graph could not be compiled: names the pass or backend, and the equation and the user's line
/// where they are known.
public final class CompileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CompileException(String origin, Equation equation, String problem) {
    super(origin + ": " + equation.op().opName() + " at " + equation.source() + ": " + problem);
  }

  /// For a compiler that reports places by itself, in `problem`.
  public CompileException(String origin, String problem) {
    super(origin + ": " + problem);
  }
}
