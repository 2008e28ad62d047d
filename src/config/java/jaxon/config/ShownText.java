package jaxon.config;

/// Text from outside made fit for a message: control characters escaped, and cut when long.
final class ShownText {

  private static final int LONGEST = 60;

  private ShownText() {}

  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(point -> {
          if (isHarmless(point)) {
            shown.appendCodePoint(point);
          } else {
            shown.append(String.format("\\u%04x", point));
          }
        });
    return text.codePointCount(0, text.length()) > LONGEST ? shown + "…" : shown.toString();
  }

  /// Whether a terminal shows the character and does nothing else with it.
  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
