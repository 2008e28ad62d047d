package jaxon.input;

import jaxon.input.source.RunningTotals;

/// Stored text cut into pieces of at most a row, each of them a document to be shuffled by itself.
///
/// Neighbouring pieces of a document overlap by one token, so every token but the first is a target
/// once.
final class TextPieces implements TokenCorpus {
  private final StoredText text;
  private final int length;
  private final RunningTotals pieces;

  TextPieces(StoredText text, int length) {
    this.text = text;
    this.length = length;
    pieces = new RunningTotals(text.spans(), span -> Math.ceilDiv(span.pairs(), length));
  }

  @Override
  public long size() {
    return pieces.total();
  }

  @Override
  public int[] tokens(long index) {
    int document = pieces.find(index);
    Span span = text.spans().get(document);
    long from = span.from() + (index - pieces.start(document)) * length;
    return text.store().read(from, (int) Math.min(length + 1L, span.to() - from));
  }

  @Override
  public String locate(long index) {
    int document = pieces.find(index);
    return "piece %d of %s"
        .formatted(index - pieces.start(document) + 1, text.spans().get(document).name());
  }
}
