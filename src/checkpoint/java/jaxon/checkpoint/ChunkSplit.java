package jaxon.checkpoint;

import java.util.ArrayList;
import java.util.List;

/// Cuts a block of a tensor into chunks that follow each other in the block's memory.
final class ChunkSplit {
  /// The most bytes of a chunk: enough for the disk, little enough for a reader's memory.
  static final long CHUNK_BYTES = 4L << 20;

  private ChunkSplit() {}

  /// The chunks in the order of the block's memory, each of at most `limit` bytes (and at least one
  /// element).
  static List<Region> split(Region block, int elementBytes, long limit) {
    if (block.elements() == 0) {
      return List.of();
    }
    List<Long> extent = block.extent();
    int dim = block.rank() - 1;
    long row = elementBytes;
    while (dim >= 0 && row * extent.get(dim) <= limit) {
      row *= extent.get(dim);
      dim--;
    }
    if (dim < 0) {
      return List.of(block);
    }
    long rows = Math.max(1, limit / row);
    List<Region> chunks = new ArrayList<>();
    addOuter(block, dim, 0, new ArrayList<>(), rows, chunks);
    return List.copyOf(chunks);
  }

  /// Goes through the dims before `cut` one place at a time.
  private static void addOuter(
      Region block, int cut, int dim, List<Long> outer, long rows, List<Region> chunks) {
    if (dim < cut) {
      for (long place = 0; place < block.extent().get(dim); place++) {
        outer.add(block.start().get(dim) + place);
        addOuter(block, cut, dim + 1, outer, rows, chunks);
        outer.removeLast();
      }
      return;
    }
    long size = block.extent().get(cut);
    for (long from = 0; from < size; from += rows) {
      List<Long> start = new ArrayList<>(outer);
      List<Long> extent = new ArrayList<>();
      outer.forEach(_ -> extent.add(1L));
      start.add(block.start().get(cut) + from);
      extent.add(Math.min(rows, size - from));
      start.addAll(block.start().subList(cut + 1, block.rank()));
      extent.addAll(block.extent().subList(cut + 1, block.rank()));
      chunks.add(new Region(start, extent));
    }
  }
}
