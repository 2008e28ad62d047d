package jaxon.trainer.metrics;

import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What is known of the place that text for the user goes to.
///
/// @param out where the text goes
/// @param redraws whether a line may be drawn over after a carriage return
/// @param ansi whether ANSI escape sequences are understood and wanted
/// @param unicode whether characters outside ASCII can be shown
/// @param width characters in a line
public record Terminal(PrintStream out, boolean redraws, boolean ansi, boolean unicode, int width) {
  private static final int DEFAULT_WIDTH = 100;
  private static final int MAX_WIDTH = 1000;

  /// The standard output of this process.
  // JDK 25 gives null again where standard input or output is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  public static Terminal ofStandardOutput() {
    Console console = System.console();
    return of(System.out, console != null && console.isTerminal(), System.getenv());
  }

  /// Judges by the environment variables COLUMNS, TERM and NO_COLOR (<https://no-color.org>).
  ///
  /// A dumb terminal promises nothing about carriage returns, so it is treated as a file is.
  ///
  /// @param tty whether a terminal, rather than a file or a pipe, is behind `out`
  public static Terminal of(PrintStream out, boolean tty, Map<String, String> environment) {
    boolean redraws = tty && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean ansi = redraws && environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean unicode = out.charset().equals(StandardCharsets.UTF_8);
    return new Terminal(
        out, redraws, ansi, unicode, width(environment.getOrDefault("COLUMNS", "")));
  }

  /// A terminal that shows nothing.
  public Terminal silent() {
    return new Terminal(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        false,
        false,
        unicode,
        width);
  }

  private static int width(String columns) {
    if (!columns.matches("[0-9]{1,9}")) {
      return DEFAULT_WIDTH;
    }
    int width = Integer.parseInt(columns);
    return width == 0 ? DEFAULT_WIDTH : Math.min(width, MAX_WIDTH);
  }
}
