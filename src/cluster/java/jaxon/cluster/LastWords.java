package jaxon.cluster;

/// Why a process ends, as it tells the others.
///
/// @param isUsage whether it is a mistake of the user
record LastWords(String reason, boolean isUsage) {
  private static final String USAGE = "usage\n";
  private static final String FAILURE = "failure\n";

  /// The text that travels; [#read] takes it back.
  String write() {
    return (isUsage ? USAGE : FAILURE) + reason;
  }

  static LastWords read(String text) {
    return new LastWords(text.substring(text.indexOf('\n') + 1), text.startsWith(USAGE));
  }
}
