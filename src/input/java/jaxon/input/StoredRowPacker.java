package jaxon.input;

import jaxon.input.source.RunningTotals;

/// Concat-then-split over stored text: the rows are cut once, in the order of the text, then
/// shuffled.
///
/// Row `r` holds pairs `[r * length, (r + 1) * length)` of all documents end to end, so it is found
/// in O(log documents) and a process reads only the rows it keeps. The last row of an epoch may be
/// short.
final class StoredRowPacker implements Packer {
  private final StoredText text;
  private final int length;
  private final RunningTotals pairs;
  private final DocumentStream rows;

  StoredRowPacker(StoredText text, int length, boolean shuffle, long seed, long epochs) {
    this.text = text;
    this.length = length;
    pairs = new RunningTotals(text.spans(), Span::pairs);
    rows = new DocumentStream(new RowNumbers(), shuffle, seed, epochs);
  }

  /// The rows of an epoch.
  long rowCount() {
    return Math.ceilDiv(pairs.total(), length);
  }

  @Override
  public Cursor fill(Cursor from, BatchBuilder batch) {
    Cursor at = from;
    for (int row = 0; row < batch.rows() && rows.contains(at); row++) {
      if (batch.keeps(row)) {
        fillRow(batch, row, at.epoch(), rows.document(at));
      }
      at = rows.following(at);
    }
    return at;
  }

  private void fillRow(BatchBuilder batch, int row, long epoch, long stored) {
    long pair = stored * length;
    long end = Math.min(pair + length, pairs.total());
    while (pair < end) {
      int document = pairs.find(pair);
      Span span = text.spans().get(document);
      long offset = pair - pairs.start(document);
      int count = (int) Math.min(end - pair, span.pairs() - offset);
      batch.add(
          new SegmentOrigin(row, epoch, document, offset),
          text.store().read(span.from() + offset, count + 1));
      pair += count;
    }
  }

  @Override
  public boolean hasNext(Cursor from) {
    return rows.contains(from);
  }

  @Override
  public String signature() {
    return rows.signature() + " length=" + length;
  }

  /// Gives the stream its size; rows are read here, not through it.
  private final class RowNumbers implements TokenCorpus {
    @Override
    public long size() {
      return rowCount();
    }

    @Override
    public int[] tokens(long index) {
      throw new UnsupportedOperationException("stored rows are read by the packer");
    }

    @Override
    public String locate(long index) {
      return "row " + index;
    }
  }
}
