package jaxon.cluster.launch;

/// What an exit code says.
public final class ExitCode {
  private static final int SIGNALLED = 128;

  private ExitCode() {}

  /// The code, and the signal that it stands for.
  public static String describe(int code) {
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
