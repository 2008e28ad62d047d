package jaxon.input;

/// One piece of one document a row, the rest of the row padding.
final class UnpackedPacker implements Packer {
  private final DocumentStream stream;

  UnpackedPacker(DocumentStream stream) {
    this.stream = stream;
  }

  @Override
  public Cursor fill(Cursor from, BatchBuilder batch) {
    Cursor at = stream.settle(from);
    for (int row = 0; row < batch.rows() && stream.contains(at); row++) {
      int pairs = (int) Math.min(stream.remaining(at), batch.room(row));
      batch.add(
          new SegmentOrigin(row, at.epoch(), stream.document(at), at.offset()),
          stream.slice(at, pairs));
      at = stream.settle(stream.advance(at, pairs));
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
