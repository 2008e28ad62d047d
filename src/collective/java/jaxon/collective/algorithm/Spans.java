package jaxon.collective.algorithm;

import java.util.Arrays;

/// Stretches of memory that are sent or received one after the other, and how far that has come.
///
/// Sender and receiver describe the same lengths. A frame never crosses the end of a stretch, nor
/// of a piece of it, which lets the receiver of a contribution work piece by piece.
final class Spans {
  /// The most bytes that ranks add up before they go on: the accumulator of a piece stays in the
  /// second-level cache, and all senders may be one piece apart.
  static final int PIECE = 256 * 1024;

  private static final int FEW = 4;

  private long[] addresses = new long[FEW];
  private long[] lengths = new long[FEW];
  private int size;
  private int current;
  private long at;
  private long total;
  private long passed;
  private boolean done;

  static Spans of(long address, long length) {
    return new Spans().add(address, length);
  }

  Spans add(long address, long length) {
    if (length > 0) {
      if (size == addresses.length) {
        addresses = Arrays.copyOf(addresses, 2 * size);
        lengths = Arrays.copyOf(lengths, 2 * size);
      }
      addresses[size] = address;
      lengths[size] = length;
      size++;
      total += length;
    }
    return this;
  }

  /// Bytes of all stretches.
  long total() {
    return total;
  }

  /// Bytes that are behind.
  long passed() {
    return passed;
  }

  /// Whether all is behind; nothing at all takes one empty frame.
  boolean isDone() {
    return done;
  }

  /// Where to go on.
  long address() {
    return size == 0 ? 0 : addresses[current] + at;
  }

  /// The bytes of a piece: as many whole frames of `maxPayload` as fit, so that no piece ends with
  /// a small one.
  static int piece(int maxPayload) {
    return maxPayload >= PIECE ? PIECE : PIECE / maxPayload * maxPayload;
  }

  /// The most bytes that the next frame may have; 0 only if there is nothing to send at all.
  int next(int limit, int piece) {
    if (size == 0) {
      return 0;
    }
    long inPiece = piece - at % piece;
    return (int) Math.min(limit, Math.min(lengths[current] - at, inPiece));
  }

  void advance(int bytes) {
    at += bytes;
    passed += bytes;
    if (size > 0 && at == lengths[current] && current + 1 < size) {
      current++;
      at = 0;
    }
    done = passed == total;
  }
}
