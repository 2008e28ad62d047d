package jaxon.runtime;

import jaxon.graph.Equation;

/// A graph could not be compiled: names the pass or backend, the equation and the user's line.
public final class CompileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CompileException(String origin, Equation equation, String problem) {
    super(origin + ": " + equation.op().opName() + " at " + equation.source() + ": " + problem);
  }
}
