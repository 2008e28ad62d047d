package jaxon.collective.algorithm;

import java.util.stream.LongStream;

/// Memory that lies in consecutive blocks, one for each rank of a group.
final class Blocks {
  private final long address;
  private final long[] offsets;

  private Blocks(long address, long[] offsets) {
    this.address = address;
    this.offsets = offsets;
  }

  /// `ranks` blocks of `bytes` each.
  static Blocks even(long address, int ranks, long bytes) {
    return new Blocks(address, LongStream.rangeClosed(0, ranks).map(i -> i * bytes).toArray());
  }

  /// `count` elements dealt out as evenly as whole elements can be.
  static Blocks chunks(long address, int ranks, long count, int elementBytes) {
    long[] offsets =
        LongStream.rangeClosed(0, ranks).map(i -> count * i / ranks * elementBytes).toArray();
    return new Blocks(address, offsets);
  }

  /// The same blocks elsewhere.
  Blocks at(long other) {
    return new Blocks(other, offsets);
  }

  int ranks() {
    return offsets.length - 1;
  }

  long address(int rank) {
    return address + offsets[rank];
  }

  long length(int rank) {
    return offsets[rank + 1] - offsets[rank];
  }

  long longest() {
    long longest = 0;
    for (int r = 0; r < ranks(); r++) {
      longest = Math.max(longest, length(r));
    }
    return longest;
  }

  /// The `count` blocks from `first` on, around the group.
  Spans around(int first, int count) {
    Spans spans = new Spans();
    for (int i = 0; i < count; i++) {
      int rank = Math.floorMod(first + i, ranks());
      spans.add(address(rank), length(rank));
    }
    return spans;
  }
}
