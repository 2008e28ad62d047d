package jaxon.runtime.plan;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The free intervals of an arena that grows on demand; neighbours are merged.
///
/// Best fit: the smallest interval that is large enough, the lowest one among equals.
final class FreeList {
  private final NavigableMap<Long, Long> sizeByOffset = new TreeMap<>();
  private long end;

  /// Takes `bytes` and gives their offset.
  long take(long bytes) {
    long best = -1;
    long bestSize = Long.MAX_VALUE;
    for (Map.Entry<Long, Long> free : sizeByOffset.entrySet()) {
      if (free.getValue() >= bytes && free.getValue() < bestSize) {
        best = free.getKey();
        bestSize = free.getValue();
      }
    }
    if (best < 0) {
      return grow(bytes);
    }
    sizeByOffset.remove(best);
    if (bestSize > bytes) {
      sizeByOffset.put(best + bytes, bestSize - bytes);
    }
    return best;
  }

  /// Gives back an interval that was taken.
  void give(long offset, long bytes) {
    long start = offset;
    long size = bytes;
    Map.Entry<Long, Long> before = sizeByOffset.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      start = before.getKey();
      size += before.getValue();
      sizeByOffset.remove(start);
    }
    Long after = sizeByOffset.remove(offset + bytes);
    sizeByOffset.put(start, after == null ? size : size + after);
  }

  /// The largest end that was ever reached, in bytes.
  long end() {
    return end;
  }

  private long grow(long bytes) {
    Map.Entry<Long, Long> last = sizeByOffset.lastEntry();
    long start = end;
    if (last != null && last.getKey() + last.getValue() == end) {
      start = last.getKey();
      sizeByOffset.remove(start);
    }
    end = Math.addExact(start, bytes);
    return start;
  }
}
