package jaxon.runtime.cpu.loop;

/// A `jaxon.loop` region that code generation has no form for; its ops must run one by one.
///
/// The message names the op and what about it has no form. It is thrown when a loop is compiled,
/// never when it runs.
public final class UnsupportedLoopException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnsupportedLoopException(String message) {
    super(message);
  }
}
