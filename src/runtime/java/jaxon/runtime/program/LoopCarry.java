package jaxon.runtime.program;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import jaxon.runtime.host.HostMemory;

/// Where the carries of a loop are, from one run of the body to the next.
///
/// A body updates most carries in place. One that it cannot is written to a spare place, which then
/// becomes the carry's place, while the old one becomes spare: nothing is copied between runs.
public final class LoopCarry {
  private final LinkedProgram body;
  private final int firstInput;
  private final List<Tensor> init;
  private final List<Tensor> results;
  private final long[] spareAtStart;
  private final long[] spare;
  private final long[] at;

  /// @param firstInput the body's input that is carry 0
  /// @param spares one address per carry; read only where the body needs a place
  public LoopCarry(
      LinkedProgram body, int firstInput, List<Tensor> init, List<Tensor> results, long[] spares) {
    this.body = body;
    this.firstInput = firstInput;
    this.init = List.copyOf(init);
    this.results = List.copyOf(results);
    this.spareAtStart = spares;
    this.spare = new long[spares.length];
    this.at = new long[spares.length];
  }

  int size() {
    return at.length;
  }

  long address(int index) {
    return at[index];
  }

  /// Puts the initial values into the places of the results.
  void start() {
    System.arraycopy(spareAtStart, 0, spare, 0, spare.length);
    for (int i = 0; i < at.length; i++) {
      at[i] = results.get(i).address();
      if (at[i] != init.get(i).address()) {
        HostMemory.copy(init.get(i).address(), at[i], bytes(i));
      }
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
    long[] next = new long[at.length];
    for (int i = 0; i < at.length; i++) {
      // Nothing is at the address of an empty carry, which may be another's.
      next[i] = bytes(i) == 0 ? at[i] : body.resultAddress(i);
    }
    if (Arrays.equals(next, at)) {
      return;
    }
    long[] free = unused(next);
    for (int i = 0; i < at.length; i++) {
      if (usesSpare(i)) {
        spare[i] = takeOfSize(free, bytes(i));
      }
    }
    System.arraycopy(next, 0, at, 0, at.length);
  }

  /// The places of this run (first those of the carries, then the spare ones) that hold no carry of
  /// the next; 0 for the others.
  private long[] unused(long[] next) {
    long[] places = new long[2 * at.length];
    for (int i = 0; i < at.length; i++) {
      places[i] = bytes(i) > 0 ? at[i] : 0;
      places[at.length + i] = usesSpare(i) ? spare[i] : 0;
    }
    for (int i = 0; i < places.length; i++) {
      for (int j = 0; j < next.length; j++) {
        places[i] = bytes(j) > 0 && places[i] == next[j] ? 0 : places[i];
      }
    }
    return places;
  }

  private boolean usesSpare(int index) {
    return bytes(index) > 0 && body.plan().needsPlace(index);
  }

  private long takeOfSize(long[] free, long bytes) {
    for (int i = 0; i < free.length; i++) {
      if (free[i] != 0 && bytes(i % at.length) == bytes) {
        long place = free[i];
        free[i] = 0;
        return place;
      }
    }
    throw new IllegalStateException("a loop lost the place of a carry of " + bytes + " bytes");
  }

  /// Moves the carries to the places of the results.
  void finish() {
    try (Arena scratch = Arena.ofConfined()) {
      long[] copies = new long[at.length];
      for (int i = 0; i < at.length; i++) {
        if (at[i] != results.get(i).address() && bytes(i) > 0) {
          copies[i] = scratch.allocate(bytes(i)).address();
          HostMemory.copy(at[i], copies[i], bytes(i));
        }
      }
      for (int i = 0; i < at.length; i++) {
        if (copies[i] != 0) {
          HostMemory.copy(copies[i], results.get(i).address(), bytes(i));
        }
      }
    }
  }

  private long bytes(int index) {
    return results.get(index).view().type().bytes();
  }
}
