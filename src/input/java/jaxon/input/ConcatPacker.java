package jaxon.input;

/// Lays documents end to end and cuts at the row borders, so that every row is full.
///
/// A document that is cut goes on in the next row as a segment of its own, with positions from 0.
final class ConcatPacker implements Packer {
  private final DocumentStream stream;

  ConcatPacker(DocumentStream stream) {
    this.stream = stream;
  }

  @Override
  public Cursor fill(Cursor from, BatchBuilder batch) {
    Cursor at = stream.settle(from);
    for (int row = 0; row < batch.rows(); row++) {
      while (batch.room(row) > 0 && stream.contains(at)) {
        int pairs = (int) Math.min(stream.remaining(at), batch.room(row));
        at = stream.put(batch, row, at, pairs);
      }
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
