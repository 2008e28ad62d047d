package jaxon.trainer.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The table of results that closes a run: what was measured, and where the outputs are.
public final class ResultTable {
  private record Row(String metric, String value) {
    int metricWidth() {
      return metric.codePointCount(0, metric.length());
    }

    int valueWidth() {
      return value.codePointCount(0, value.length());
    }
  }

  /// The characters of a frame: horizontal, vertical, and left, middle and right of the three
  /// rules.
  private record Frame(String horizontal, String vertical, String top, String mid, String bottom) {
    static final Frame ASCII = new Frame("-", "|", "+++", "+++", "+++");
    static final Frame UNICODE =
        new Frame(
            "\u2500", "\u2502", "\u250c\u252c\u2510", "\u251c\u253c\u2524", "\u2514\u2534\u2518");
  }

  private final List<Row> rows = new ArrayList<>();

  /// A table under the heading "metric, value".
  public ResultTable() {
    rows.add(new Row("metric", "value"));
  }

  /// Adds a row of text, such as a path.
  public ResultTable text(String metric, String value) {
    rows.add(new Row(oneLine(metric), oneLine(value)));
    return this;
  }

  /// Adds a loss, with four digits after the point.
  public ResultTable loss(String metric, double value) {
    return text(metric, HumanUnits.loss(value));
  }

  /// Adds a number, with two digits after the point.
  public ResultTable number(String metric, double value) {
    return text(metric, String.format(Locale.ROOT, "%,.2f", value));
  }

  /// Adds a count or rate with a decimal prefix, such as `1.2k tok/s`.
  public ResultTable count(String metric, double value, String unit) {
    return text(metric, HumanUnits.count(value) + " " + unit);
  }

  /// Adds a time in seconds, such as `1m 40s`.
  public ResultTable time(String metric, double seconds) {
    return text(metric, HumanUnits.time(seconds));
  }

  /// Prints the table, with lines of box characters where the terminal can show them.
  public void print(Terminal terminal) {
    terminal.out().print(render(terminal.unicode()));
    terminal.out().flush();
  }

  /// The table as text, framed with box characters or with ASCII.
  public String render(boolean unicode) {
    Frame frame = unicode ? Frame.UNICODE : Frame.ASCII;
    int left = rows.stream().mapToInt(Row::metricWidth).max().orElse(0);
    int right = rows.stream().mapToInt(Row::valueWidth).max().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(rule(frame, frame.top(), left, right));
    for (int i = 0; i < rows.size(); i++) {
      text.append(row(frame, rows.get(i), left, right));
      if (i == 0) {
        text.append(rule(frame, frame.mid(), left, right));
      }
    }
    return text.append(rule(frame, frame.bottom(), left, right)).toString();
  }

  private static String row(Frame frame, Row row, int left, int right) {
    String bar = frame.vertical();
    return bar
        + " "
        + row.metric()
        + " ".repeat(left - row.metricWidth() + 1)
        + bar
        + " "
        + row.value()
        + " ".repeat(right - row.valueWidth() + 1)
        + bar
        + "\n";
  }

  private static String rule(Frame frame, String corners, int left, int right) {
    return corners.charAt(0)
        + frame.horizontal().repeat(left + 2)
        + corners.charAt(1)
        + frame.horizontal().repeat(right + 2)
        + corners.charAt(2)
        + "\n";
  }

  /// A line break or an escape sequence in a value must not break the frame.
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
