package jaxon.trainer;

import java.util.Optional;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.Literal;

/// In which order the tokens of a sequence are given to the devices that share it.
///
/// In causal attention late tokens have more to do. With 2n pieces of the sequence, device i of n
/// gets pieces i and 2n - 1 - i (MaxText's "dual chunk swap"), which makes as much work for each.
/// Batches are put in this order once, on the host; attention is told the positions.
///
/// @param devices n; 1: tokens are in order
record TokenOrder(int devices) {
  static final TokenOrder IN_ORDER = new TokenOrder(1);

  /// The position in the sequence of the token at each place.
  int[] positions(int length) {
    int[] positions = new int[length];
    int piece = length / pieces();
    for (int place = 0; place < length; place++) {
      int device = place / piece / 2;
      int pieceThere = place / piece % 2 == 0 ? device : pieces() - 1 - device;
      positions[place] = devices == 1 ? place : pieceThere * piece + place % piece;
    }
    return positions;
  }

  /// Rows of tokens `[B, length]` in this order.
  int[] apply(int[] rows, int length) {
    if (devices == 1) {
      return rows;
    }
    int[] positions = positions(length);
    int[] ordered = new int[rows.length];
    for (int start = 0; start < rows.length; start += length) {
      for (int place = 0; place < length; place++) {
        ordered[start + place] = rows[start + positions[place]];
      }
    }
    return ordered;
  }

  /// The positions as a constant `i32[length]`; empty where tokens are in order.
  Optional<Array> constant(long length) {
    return devices == 1
        ? Optional.empty()
        : Optional.of(Ops.constant(Literal.ofInts(positions(Math.toIntExact(length)), length)));
  }

  /// How many pieces a sequence must divide into.
  int pieces() {
    return 2 * devices;
  }
}
