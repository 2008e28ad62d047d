package jaxon.cluster;

import java.util.List;

/// What the coordinator answers to all who came.
sealed interface Verdict {
  /// The members that make up the run, by process.
  record Accepted(List<String> uuids) implements Verdict {}

  /// The processes were started wrongly.
  record Refused(String message) implements Verdict {}

  /// The processes did not all come, or one left.
  record Failed(String message) implements Verdict {}

  /// The text that travels; [#read] takes it back.
  default String write() {
    return switch (this) {
      case Accepted accepted -> "accepted\n" + String.join("\n", accepted.uuids());
      case Refused refused -> "refused\n" + refused.message();
      case Failed failed -> "failed\n" + failed.message();
    };
  }

  static Verdict read(String text) {
    int end = text.indexOf('\n');
    String rest = text.substring(end + 1);
    return switch (text.substring(0, Math.max(0, end))) {
      case "accepted" -> new Accepted(rest.lines().toList());
      case "refused" -> new Refused(rest);
      default -> new Failed(rest);
    };
  }
}
