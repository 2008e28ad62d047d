package jaxon.config;

/// A value does not fit its key; caught within this package and turned into a [Problem].
final class RejectedValue extends Exception {

  private static final long serialVersionUID = 1L;

  private final String advice;

  /// @param message what was found
  /// @param advice more than the allowed values, which are always listed; may be empty
  RejectedValue(String message, String advice) {
    super(message, null, false, false);
    this.advice = advice;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  String advice() {
    return advice;
  }
}
