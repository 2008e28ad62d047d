package jaxon.trainer;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import jaxon.checkpoint.TensorBlock;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.HostMemory;

/// Memory for a copy of a state, kept from one copy to the next.
final class Snapshot implements AutoCloseable {
  /// What one thread copies at a time.
  private static final long PIECE = 16L << 20;

  private final List<HostBlock> memory = new ArrayList<>();

  /// The same blocks with their bytes in this memory; what an earlier copy had there is lost.
  List<TensorBlock> take(List<TensorBlock> blocks) {
    if (memory.isEmpty()) {
      blocks.forEach(block -> memory.add(HostBlock.allocate(Math.max(1, block.bytes()))));
    }
    List<TensorBlock> copies = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      TensorBlock block = blocks.get(i);
      MemorySegment own = HostMemory.segment(memory.get(i).address(), block.bytes());
      block.data().read(bytes -> copy(bytes, own));
      copies.add(
          new TensorBlock(
              block.path(), block.tensor(), block.region(), reader -> reader.accept(own)));
    }
    return copies;
  }

  /// Copies with all threads of the machine: one alone does not use the memory's bandwidth.
  private static void copy(MemorySegment from, MemorySegment to) {
    long bytes = from.byteSize();
    long pieces = Math.ceilDiv(bytes, PIECE);
    LongStream.range(0, pieces)
        .parallel()
        .forEach(piece -> {
          long at = piece * PIECE;
          MemorySegment.copy(from, at, to, at, Math.min(PIECE, bytes - at));
        });
  }

  @Override
  public void close() {
    memory.forEach(HostBlock::close);
    memory.clear();
  }
}
