package jaxon.runtime.cpu.attention;

/// What the rows of a tile see of its columns.
enum Sight {
  /// Every row sees every column.
  ALL,
  /// It has to be looked at element by element.
  SOME,
  /// No row sees any column.
  NOTHING
}
