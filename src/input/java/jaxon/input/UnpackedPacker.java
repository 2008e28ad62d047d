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
