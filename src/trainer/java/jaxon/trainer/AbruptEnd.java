package jaxon.trainer;

/// Ends this process at once; for when it cannot end in order.
@FunctionalInterface
public interface AbruptEnd {
  /// Shows `message`, unless it is empty, where errors are shown, and ends the process.
  void end(String message, int exitCode);
}
