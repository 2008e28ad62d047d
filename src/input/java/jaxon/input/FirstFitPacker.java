package jaxon.input;

/// Puts each piece whole into the first row of the batch with room for it.
///
/// A document longer than a row is cut into full rows and a rest. The batch is done when a piece
/// fits in no row; that piece begins the next batch. So no state is carried over but the place in
/// the stream.
final class FirstFitPacker implements Packer {
  private final DocumentStream stream;
  private final int length;
  private final int maxSegments;

  /// @param maxSegments the most segments of a row; 0 for no limit
  FirstFitPacker(DocumentStream stream, int length, int maxSegments) {
    this.stream = stream;
    this.length = length;
    this.maxSegments = maxSegments;
  }

  @Override
  public Cursor fill(Cursor from, BatchBuilder batch) {
    Cursor at = stream.settle(from);
    while (stream.contains(at)) {
      int pairs = (int) Math.min(stream.remaining(at), length);
      int row = batch.firstRowWithRoom(pairs, maxSegments);
      if (row < 0) {
        break;
      }
      at = stream.put(batch, row, at, pairs);
    }
    return at;
  }

  @Override
  public boolean hasNext(Cursor from) {
    return stream.contains(stream.settle(from));
  }

  @Override
  public String signature() {
    return stream.signature();
  }
}
