package jaxon.collective.algorithm;

import jaxon.collective.CallHeader;
import jaxon.collective.reduce.Fold;

/// Receives the contributions of all ranks to this rank's chunk and adds them up, in the order of
/// the ranks, straight from the frames.
///
/// It works piece by piece: of a piece it takes rank 0's part, then rank 1's and so on, its own
/// from memory. A rank that is ahead waits in the transport's buffers until it is its turn.
///
/// Where elements are added as they are, this rank's own part is read where it lies, together with
/// the frame before or after it, and the last sum goes where the result belongs. Otherwise all goes
/// through an accumulator.
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
  private final int place;
  private final boolean direct;
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
    this.place = exchange.group().place();
    this.direct = fold.isPlain() && ranks > 1;
    this.accumulator =
        exchange.scratch().accumulator((long) Spans.PIECE / elementBytes * fold.accumulatorBytes());
    this.source = firstSource();
  }

  private int firstSource() {
    return direct && place == 0 ? 1 : 0;
  }

  @Override
  public boolean progress() {
    boolean any = false;
    while (!done) {
      if (source == place) {
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
    return (int) Math.min(exchange.piece(), bytes - pieceStart);
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
    long count = length / elementBytes;
    long sums = accumulator + (long) inPiece / elementBytes * fold.accumulatorBytes();
    if (direct) {
      contributeDirectly(address, sums, count);
    } else if (source == 0) {
      fold.first(address, sums, count);
    } else {
      fold.add(address, sums, count);
    }
    inPiece += length;
  }

  /// Adds a frame, and this rank's own part if its turn is the next.
  private void contributeDirectly(long address, long sums, long count) {
    long at = pieceStart + inPiece;
    long sum = address;
    if (source > 0) {
      long before = source == 1 && place == 0 ? own + at : sums;
      sum = source == ranks - 1 ? output + at : sums;
      fold.add(before, address, sum, count);
    }
    if (source + 1 == place) {
      fold.add(sum, own + at, place == ranks - 1 ? output + at : sums, count);
    } else if (source == 0) {
      fold.first(address, sums, count);
    }
  }

  private void sourceIsDone() {
    inPiece = 0;
    source++;
    if (direct && source == place) {
      source++;
    }
    if (source == ranks) {
      if (!direct) {
        fold.finish(accumulator, output + pieceStart, pieceBytes() / elementBytes);
      }
      pieceStart += pieceBytes();
      source = firstSource();
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
