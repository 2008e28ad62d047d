package jaxon.cluster.launch;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A launched process that has failed, as the launcher tells the others.
///
/// @param process its number
/// @param exitCode 128 and the number of the signal if one killed it
public record FailedProcess(int process, int exitCode) {
  private static final Pattern LINE = Pattern.compile("failed ([0-9]{1,9}) ([0-9]{1,9})");
  private static final int USAGE = 2;

  /// Whether it ended because of a mistake in how the run was started, which it has told.
  public boolean isUsage() {
    return exitCode == USAGE;
  }

  /// `process 2 ended with exit code 137 (SIGKILL …)`.
  public String describe() {
    return "process %d ended with exit code %s".formatted(process, ExitCode.describe(exitCode));
  }

  /// The line that travels to the others.
  byte[] line() {
    return "failed %d %d\n".formatted(process, exitCode).getBytes(StandardCharsets.US_ASCII);
  }

  /// Takes a line back; empty if it is none.
  static Optional<FailedProcess> read(String line) {
    Matcher fields = LINE.matcher(line);
    return fields.matches()
        ? Optional.of(
            new FailedProcess(Integer.parseInt(fields.group(1)), Integer.parseInt(fields.group(2))))
        : Optional.empty();
  }
}
