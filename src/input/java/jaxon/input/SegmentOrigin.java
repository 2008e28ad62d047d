package jaxon.input;

/// Where a segment of a batch comes from.
///
/// @param row the row of the global batch
/// @param epoch the pass over the data, from 0
/// @param document the number of the document (or piece of text) in its corpus
/// @param offset the first token's place in that document
public record SegmentOrigin(int row, long epoch, long document, long offset) {

  @Override
  public String toString() {
    return "row %d: epoch %d, document %d, from token %d".formatted(row, epoch, document, offset);
  }
}
