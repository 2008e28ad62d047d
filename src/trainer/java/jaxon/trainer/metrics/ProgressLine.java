package jaxon.trainer.metrics;

/// The text of a progress display: one line, as wide as asked.
///
/// @param steps steps of the whole run
record ProgressLine(long steps) {
  private static final int MIN_BAR = 8;
  private static final int MAX_BAR = 40;
  private static final String GREEN = "\u001b[32m";
  private static final String RESET = "\u001b[0m";

  /// A line for a log: no bar.
  String plain(Progress progress) {
    return "step " + count(progress) + " (" + percent(progress) + ")  " + numbers(progress);
  }

  /// A line for a terminal, at most `terminal.width() - 1` characters, because some terminals go to
  /// the next line after the last column. The bar gives way first, then the end of the line.
  String drawn(Progress progress, Terminal terminal) {
    int width = Math.max(1, terminal.width() - 1);
    String count = count(progress);
    String head = " ".repeat(Math.max(0, countWidth() - count.length())) + count + " ";
    String tail = percent(progress) + "  " + numbers(progress);
    int room = Math.min(MAX_BAR, width - head.length() - tail.length() - 1);
    if (room >= MIN_BAR) {
      return head + bar(progress, room, terminal) + " " + tail;
    }
    String line = head + tail;
    return line.length() <= width ? line : line.substring(0, width);
  }

  private String bar(Progress progress, int room, Terminal terminal) {
    int full = (int) (fraction(progress) * room);
    String done = (terminal.unicode() ? "\u2588" : "#").repeat(full);
    String open = (terminal.unicode() ? "\u2591" : ".").repeat(room - full);
    return terminal.ansi() ? GREEN + done + RESET + open : done + open;
  }

  private String numbers(Progress progress) {
    double left = Math.max(0, steps - progress.completed()) * progress.stepSeconds();
    return "loss %s  %s tok/s  %s/step  %s left"
        .formatted(
            HumanUnits.loss(progress.loss()),
            HumanUnits.count(progress.tokensPerSecond()),
            HumanUnits.time(progress.stepSeconds()),
            HumanUnits.duration(left));
  }

  private String count(Progress progress) {
    return progress.completed() + "/" + steps;
  }

  private int countWidth() {
    return 2 * Long.toString(steps).length() + 1;
  }

  private String percent(Progress progress) {
    return (int) (fraction(progress) * 100) + "%";
  }

  private double fraction(Progress progress) {
    return Math.clamp((double) progress.completed() / steps, 0.0, 1.0);
  }
}
