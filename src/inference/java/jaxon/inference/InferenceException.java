package jaxon.inference;

/// A model, a prompt or a setting that no text can be made with.
///
/// The message says what was asked, what was found, what is allowed and what to do; it is meant to
/// be shown to the user without a stack trace.
public final class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InferenceException(String message) {
    super(message);
  }
}
