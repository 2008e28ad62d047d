package jaxon.runtime.pass.fuse;

/// How the elements of a value in a loop relate to the loop's shape.
enum Level {
  /// One element per element of the loop.
  FULL,
  /// One element per row.
  ROW,
  /// Some of the columns of each row.
  PART,
  /// A sum over rows; nothing in the loop may read it.
  SUM
}
