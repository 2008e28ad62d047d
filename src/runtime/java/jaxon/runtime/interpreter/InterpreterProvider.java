package jaxon.runtime.interpreter;

import jaxon.runtime.Backend;
import jaxon.runtime.BackendProvider;

/// Registers [InterpreterBackend] under the name `interpreter`.
public final class InterpreterProvider implements BackendProvider {
  @Override
  public String name() {
    return InterpreterBackend.NAME;
  }

  @Override
  public Backend open() {
    return new InterpreterBackend();
  }
}
