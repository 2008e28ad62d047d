package jaxon.trainer;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jaxon.checkpoint.TensorBlock;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.HostMemory;

/// Memory for a copy of a state, kept from one copy to the next.
///
/// Someone waits for the copy, so it goes by pieces that all threads of the machine take as they
/// come: one alone does not use the memory's bandwidth, and tensors are of very different sizes.
final class Snapshot implements AutoCloseable {
  /// What one thread copies at a time: large enough to go past the caches.
  private static final long PIECE = 8L << 20;

  /// Ends a group of blocks whose pieces are dealt out together.
  private static final long GROUP_BYTES = 1L << 30;

  private static final int GROUP_BLOCKS = 64;

  private record Piece(MemorySegment from, MemorySegment to) {
    void copy() {
      MemorySegment.copy(from, 0, to, 0, from.byteSize());
    }
  }

  private final List<HostBlock> memory = new ArrayList<>();

  /// The same blocks with their bytes in this memory; what an earlier copy had there is lost.
  List<TensorBlock> take(List<TensorBlock> blocks) {
    if (memory.isEmpty()) {
      blocks.forEach(block -> memory.add(HostBlock.allocate(Math.max(1, block.bytes()))));
    }
    List<TensorBlock> copies = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      TensorBlock block = blocks.get(i);
      MemorySegment own = own(block, i);
      copies.add(
          new TensorBlock(
              block.path(), block.tensor(), block.region(), reader -> reader.accept(own)));
    }
    int from = 0;
    while (from < blocks.size()) {
      int to = from;
      for (long bytes = 0;
          to < blocks.size() && to - from < GROUP_BLOCKS && bytes < GROUP_BYTES; ) {
        bytes += blocks.get(to).bytes();
        to++;
      }
      copy(blocks, from, to, new ArrayList<>());
      from = to;
    }
    return copies;
  }

  private MemorySegment own(TensorBlock block, int index) {
    return HostMemory.segment(memory.get(index).address(), block.bytes());
  }

  /// Copies the blocks from `from` to below `to`, whose memory is valid only while they are read:
  /// inside of each other, therefore.
  private void copy(List<TensorBlock> blocks, int from, int to, List<Piece> pieces) {
    if (from == to) {
      pieces.parallelStream().forEach(Piece::copy);
      return;
    }
    TensorBlock block = blocks.get(from);
    MemorySegment own = own(block, from);
    block
        .data()
        .read(bytes -> {
          for (long at = 0; at < bytes.byteSize(); at += PIECE) {
            long size = Math.min(PIECE, bytes.byteSize() - at);
            pieces.add(new Piece(bytes.asSlice(at, size), own.asSlice(at, size)));
          }
          copy(blocks, from + 1, to, pieces);
        });
  }

  @Override
  public void close() {
    memory.forEach(HostBlock::close);
    memory.clear();
  }
}
