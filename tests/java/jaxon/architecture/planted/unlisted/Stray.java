package jaxon.architecture.planted.unlisted;

import java.util.Random;

/// Lives in a module that no rule lists, prints, and cannot be repeated.
final class Stray {
  private Stray() {}

  /// Bears a name that tells nothing.
  static final class ShapeUtils {
    private ShapeUtils() {}
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // This is what the rule has to find.
  static void breakRules() {
    try {
      System.out.println(new Random().nextInt());
      System.err.println(Math.random());
    } catch (IllegalStateException e) {
      e.printStackTrace();
    }
  }
}
