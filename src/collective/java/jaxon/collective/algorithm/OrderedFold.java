package jaxon.collective.algorithm;

import jaxon.collective.CallHeader;
import jaxon.collective.reduce.Fold;

/// Receives the contributions of all ranks to this rank's chunk and adds them up, in the order of
/// the ranks, straight from the frames.
///
/// It works piece by piece: of a piece it takes rank 0's part, then rank 1's and so on, its own
/// from memory. A rank that is ahead waits in the transport's buffers until it is its turn.
final class OrderedFold implements Work {
  private final Exchange exchange;
  private final CallHeader header;
  private final Fold fold;
  private final int elementBytes;
  private final long own;
  private final long bytes;
  private final long output;
  private final long accumulator;
  private final int ranks;
  private long pieceStart;
  private int source;
  private int inPiece;
  private boolean done;

  /// @param own this rank's contribution, of `bytes`
  /// @param output where the result goes; may be `own`
  OrderedFold(Exchange exchange, Fold fold, long own, long bytes, long output) {
    this.exchange = exchange;
    this.header = exchange.header();
    this.fold = fold;
    this.elementBytes = header.dtype().bytes();
    this.own = own;
    this.bytes = bytes;
    this.output = output;
    this.ranks = exchange.group().size();
    this.accumulator =
        exchange.scratch().accumulator((long) Spans.PIECE / elementBytes * fold.accumulatorBytes());
  }

  @Override
  public boolean progress() {
    boolean any = false;
    while (!done) {
      if (source == exchange.group().place()) {
        contribute(own + pieceStart, pieceBytes());
        sourceIsDone();
      } else if (!exchange.poll(source, header, this::take)) {
        return any;
      }
      any = true;
    }
    return any;
  }

  private int pieceBytes() {
    return (int) Math.min(Spans.PIECE, bytes - pieceStart);
  }

  private boolean take(long address, int length) {
    exchange.checkLength(source, length, pieceBytes() - inPiece);
    contribute(address, length);
    if (inPiece == pieceBytes()) {
      sourceIsDone();
      return false;
    }
    return true;
  }

  private void contribute(long address, int length) {
    long target = accumulator + (long) inPiece / elementBytes * fold.accumulatorBytes();
    if (source == 0) {
      fold.first(address, target, length / elementBytes);
    } else {
      fold.add(address, target, length / elementBytes);
    }
    inPiece += length;
  }

  private void sourceIsDone() {
    inPiece = 0;
    source++;
    if (source == ranks) {
      fold.finish(accumulator, output + pieceStart, pieceBytes() / elementBytes);
      pieceStart += pieceBytes();
      source = 0;
      done = pieceStart == bytes;
    }
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public int peer() {
    return source;
  }
}
