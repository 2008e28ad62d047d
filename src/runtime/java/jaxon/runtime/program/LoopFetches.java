package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;

/// What a loop fetches ahead: while the body works on one slice, what it needs of the next one is
/// on its way to a second place.
final class LoopFetches {
  private final LinkedProgram body;
  private final List<Prefetch> fetches;
  private final List<Transfer> transfers = new ArrayList<>();

  /// Two places for each fetched value, which take turns.
  private final long[] places;

  /// @param places addresses, two for each fetched value
  LoopFetches(LinkedProgram body, long[] places) {
    this.body = body;
    this.fetches = body.plan().fetches();
    this.places = places;
    fetches.forEach(fetch -> transfers.add(body.transfer(fetch.transfer())));
  }

  /// Two slots for each value that `body` has fetched.
  static List<Slot> places(Plan body) {
    List<Slot> slots = new ArrayList<>();
    for (Prefetch fetch : body.fetches()) {
      slots.add(new Slot(fetch.bytes()));
      slots.add(new Slot(fetch.bytes()));
    }
    return slots;
  }

  /// Starts fetching for turn `turn`.
  ///
  /// @param slices addresses of the operands' slices of that turn, by input of the body
  void start(long turn, long[] slices) {
    for (int i = 0; i < fetches.size(); i++) {
      Prefetch fetch = fetches.get(i);
      transfers.get(i).start(slices[fetch.scanned()] + fetch.offset(), place(i, turn));
    }
  }

  /// Tells the body where to find, and wait for, what was fetched for turn `turn`.
  void bind(long turn) {
    for (int i = 0; i < fetches.size(); i++) {
      body.input(fetches.get(i).input(), place(i, turn));
    }
  }

  boolean isEmpty() {
    return fetches.isEmpty();
  }

  private long place(int fetch, long turn) {
    return places[2 * fetch + (int) (turn % 2)];
  }
}
