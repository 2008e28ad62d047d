package jaxon.architecture.planted.unlisted;

/// Prints, as its name allows.
final class PlantedTerminal {
  private PlantedTerminal() {}

  static void show() {
    System.out.println("shown");
  }
}
