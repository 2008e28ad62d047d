package jaxon.input;

/// Fills batches from a stream; the next batch depends on the cursor alone.
sealed interface Packer permits FirstFitPacker, ConcatPacker, UnpackedPacker, StoredRowPacker {

  /// Fills `batch` from `from` on and returns where the next batch begins.
  Cursor fill(Cursor from, BatchBuilder batch);

  /// Whether anything is left from `from` on.
  boolean hasNext(Cursor from);

  /// What a cursor depends on, as text: a cursor is good only for a packer with the same signature.
  String signature();
}
