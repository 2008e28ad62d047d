package jaxon.config;

import java.util.ArrayList;
import java.util.List;

/// Breaks prose into lines between words.
final class WrappedText {

  private WrappedText() {}

  /// The lines of `text`, each of at most `width` characters unless one word is longer.
  static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
