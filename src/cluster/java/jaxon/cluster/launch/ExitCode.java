package jaxon.cluster.launch;

/// What an exit code says.
final class ExitCode {
  private static final int SIGNALLED = 128;

  private ExitCode() {}

  static String describe(int code) {
    return switch (code - SIGNALLED) {
      case 2 -> code + " (SIGINT)";
      case 6 -> code + " (SIGABRT: the process crashed)";
      case 9 -> code + " (SIGKILL: somebody killed it, perhaps the system for want of memory)";
      case 11 -> code + " (SIGSEGV: the process crashed)";
      case 15 -> code + " (SIGTERM)";
      default -> Integer.toString(code);
    };
  }
}
