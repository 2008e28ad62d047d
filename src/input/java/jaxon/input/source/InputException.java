package jaxon.input.source;

/// Data, a tokenizer or a setting of the input pipeline that cannot be used.
///
/// The message says what was asked, what was found, what is allowed and what to do; it is meant to
/// be shown to the user without a stack trace.
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
