package jaxon.input.source;

import java.util.List;
import java.util.function.ToLongFunction;

/// Running totals of the sizes of some parts, to find the part that holds a given place.
public final class RunningTotals {
  private final long[] starts;

  /// The totals of `size` over `parts`.
  public <T> RunningTotals(List<T> parts, ToLongFunction<? super T> size) {
    starts = new long[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], size.applyAsLong(parts.get(i)));
    }
  }

  /// The sum of all sizes.
  public long total() {
    return starts[starts.length - 1];
  }

  /// Where part `i` begins.
  public long start(int i) {
    return starts[i];
  }

  /// The part that holds `place`; never an empty one.
  public int find(long place) {
    if (place < 0 || place >= total()) {
      throw new IndexOutOfBoundsException("place %d of %d".formatted(place, total()));
    }
    int low = 0;
    int high = starts.length - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (starts[middle] <= place) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
