package jaxon.runtime.program;

import java.util.List;
import jaxon.runtime.host.HostMemory;

/// Where the carries of a loop are, from one run of the body to the next.
///
/// A body updates most carries in place. One that it cannot is written to a spare place, which then
/// becomes the carry's place, while the old one becomes spare: nothing is copied between runs.
/// Where the number of runs is known, the first place is chosen so that the last value ends in the
/// result's.
public final class LoopCarry {
  /// The number of runs of a loop that ends when its condition says so.
  static final long UNKNOWN_LENGTH = -1;

  private final LinkedProgram body;
  private final int firstInput;
  private final CarryKind[] kinds;
  private final Tensor[] init;
  private final Tensor[] results;
  private final long[] bytes;

  /// Whether the body writes to the place of a carry.
  private final boolean[] writesPlace;

  private final long[] spareAtStart;
  private final CarryExchange exchange;
  private final boolean moves;
  private final long[] spare;
  private final long[] at;

  /// The carries of a loop over `body`, whose input `firstInput` is carry 0.
  ///
  /// @param init initial values, dense
  public LoopCarry(
      Linkage linkage,
      LinkedProgram body,
      int firstInput,
      CarryPlaces places,
      List<Tensor> init,
      List<Tensor> results) {
    this.body = body;
    this.firstInput = firstInput;
    this.kinds = places.kinds().toArray(CarryKind[]::new);
    this.init = init.toArray(Tensor[]::new);
    this.results = results.toArray(Tensor[]::new);
    this.spareAtStart = linkage.scratch(places.spares());
    this.spare = new long[kinds.length];
    this.at = new long[kinds.length];
    this.bytes = new long[kinds.length];
    this.writesPlace = new boolean[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      bytes[i] = results.get(i).view().type().bytes();
      writesPlace[i] = body.plan().writesInput(firstInput + i);
    }
    this.moves = places.kinds().contains(CarryKind.MOVES);
    this.exchange = new CarryExchange(body, bytes, linkage.scratch(List.of(places.exchange()))[0]);
  }

  int size() {
    return at.length;
  }

  long address(int index) {
    return at[index];
  }

  /// Finds places for the carries before the first of `length` runs.
  void start(long length) {
    for (int i = 0; i < at.length; i++) {
      if (kinds[i] == CarryKind.FLIPS && !moves) {
        startFlipping(i, length);
      } else {
        spare[i] = spareAtStart[i];
        startAt(i, results[i].address());
      }
    }
  }

  private void startAt(int index, long place) {
    long value = init[index].address();
    if (value != place) {
      HostMemory.copy(value, place, bytes[index]);
    }
    at[index] = place;
  }

  /// The first value is read where it is, if the body leaves it alone there.
  private void startFlipping(int index, long length) {
    long result = results[index].address();
    boolean isThere = init[index].address() == result;
    boolean endsInFirst = length == UNKNOWN_LENGTH ? !isThere : length % 2 == 1;
    long first = endsInFirst ? result : spareAtStart[index];
    spare[index] = first;
    if (writesPlace[index]) {
      startAt(index, endsInFirst ? spareAtStart[index] : result);
    } else if (isThere && endsInFirst) {
      startAt(index, spareAtStart[index]);
    } else {
      at[index] = init[index].address();
    }
  }

  /// Tells the body where the carries are and where to put those it does not update in place.
  void bind() {
    for (int i = 0; i < at.length; i++) {
      body.input(firstInput + i, at[i]);
      if (body.plan().needsPlace(i)) {
        body.output(i, spare[i]);
      }
    }
  }

  /// Finds the carries after a run of the body.
  void advance() {
    if (moves) {
      exchange.advance(at, spare);
      return;
    }
    for (int i = 0; i < at.length; i++) {
      if (kinds[i] == CarryKind.FLIPS) {
        at[i] = spare[i];
        long result = results[i].address();
        spare[i] = at[i] == result ? spareAtStart[i] : result;
      }
    }
  }

  /// Moves the carries to the places of the results.
  void finish() {
    if (moves) {
      exchange.finish(at, results);
      return;
    }
    for (int i = 0; i < at.length; i++) {
      long result = results[i].address();
      if (at[i] != result) {
        HostMemory.copy(at[i], result, bytes[i]);
      }
    }
  }
}
