package jaxon.runtime.program;

import java.util.Arrays;
import jaxon.runtime.host.HostMemory;

/// Follows carries that a loop's body leaves in each other's places.
final class CarryExchange {
  private final LinkedProgram body;
  private final long[] bytes;
  private final long scratch;
  private final long[] next;
  private final long[] free;

  /// @param bytes of each carry
  /// @param scratch address of room for all carries
  CarryExchange(LinkedProgram body, long[] bytes, long scratch) {
    this.body = body;
    this.bytes = bytes;
    this.scratch = scratch;
    this.next = new long[bytes.length];
    this.free = new long[2 * bytes.length];
  }

  /// Finds the carries after a run of the body: their places `at` and the spare ones.
  void advance(long[] at, long[] spare) {
    for (int i = 0; i < at.length; i++) {
      // Nothing is at the address of an empty carry, which may be another's.
      next[i] = bytes[i] == 0 ? at[i] : body.resultAddress(i);
    }
    if (Arrays.equals(next, at)) {
      return;
    }
    findFree(at, spare);
    for (int i = 0; i < at.length; i++) {
      if (usesSpare(i)) {
        spare[i] = takeOfSize(bytes[i]);
      }
    }
    System.arraycopy(next, 0, at, 0, at.length);
  }

  /// The places of this run (first those of the carries, then the spare ones) that hold no carry of
  /// the next; 0 for the others.
  private void findFree(long[] at, long[] spare) {
    for (int i = 0; i < at.length; i++) {
      free[i] = bytes[i] > 0 ? at[i] : 0;
      free[at.length + i] = usesSpare(i) ? spare[i] : 0;
    }
    for (int i = 0; i < free.length; i++) {
      for (int j = 0; j < next.length; j++) {
        free[i] = bytes[j] > 0 && free[i] == next[j] ? 0 : free[i];
      }
    }
  }

  private boolean usesSpare(int index) {
    return bytes[index] > 0 && body.plan().needsPlace(index);
  }

  private long takeOfSize(long size) {
    for (int i = 0; i < free.length; i++) {
      if (free[i] != 0 && bytes[i % bytes.length] == size) {
        long place = free[i];
        free[i] = 0;
        return place;
      }
    }
    throw new IllegalStateException("a loop lost the place of a carry of " + size + " bytes");
  }

  /// Moves the carries to the places of the results, by way of the scratch memory because these may
  /// hold other carries.
  void finish(long[] at, Tensor[] results) {
    long aside = scratch;
    for (int i = 0; i < at.length; i++) {
      if (at[i] != results[i].address()) {
        HostMemory.copy(at[i], aside, bytes[i]);
        at[i] = aside;
        aside += bytes[i];
      }
    }
    for (int i = 0; i < at.length; i++) {
      if (at[i] != results[i].address()) {
        HostMemory.copy(at[i], results[i].address(), bytes[i]);
      }
    }
  }
}
