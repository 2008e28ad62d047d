package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;

/// Indented text under construction.
final class Code {
  private final List<String> lines = new ArrayList<>();
  private int indent;

  /// Appends one line.
  Code line(String line) {
    lines.add("  ".repeat(indent) + line);
    return this;
  }

  /// Appends all lines of `other`, as far in as this code is.
  Code append(Code other) {
    other.lines.forEach(this::line);
    return this;
  }

  /// Appends a line that opens a block: what follows is further in.
  Code open(String line) {
    line(line + " {");
    indent++;
    return this;
  }

  Code close() {
    indent--;
    return line("}");
  }

  /// Ends a block and opens another.
  Code reopen(String line) {
    indent--;
    return open("} " + line);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }
}
