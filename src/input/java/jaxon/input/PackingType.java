package jaxon.input;

/// How documents are put into rows: MaxText's `packing` and `grain_packing_type`.
public enum PackingType {
  /// Each piece goes to the first row of the batch where it fits whole; a batch is done when one
  /// fits nowhere.
  FIRST_FIT,
  /// Documents end to end, cut at the row borders: no padding but at the very end.
  CONCAT_THEN_SPLIT,
  /// One piece a row, the rest padding.
  NONE
}
