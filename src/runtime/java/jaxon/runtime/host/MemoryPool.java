package jaxon.runtime.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Memory of buffers: blocks that are kept by size when they are given back, because fresh pages
/// are slow.
public final class MemoryPool implements AutoCloseable {
  /// Blocks are multiples of this; also their alignment.
  private static final long UNIT = 64;

  private final Map<Long, Deque<Block>> free = new HashMap<>();
  private long liveBlocks;
  private long liveBytes;
  private boolean closed;

  /// A block of memory; whoever holds it gives it back.
  public record Block(Arena arena, MemorySegment memory) {
    public long address() {
      return memory.address();
    }
  }

  /// At least `bytes` of memory with any content.
  public synchronized Block take(long bytes) {
    requireOpen();
    long size = Math.max(UNIT, Math.ceilDiv(bytes, UNIT) * UNIT);
    liveBlocks++;
    liveBytes += size;
    Deque<Block> known = free.get(size);
    if (known != null && !known.isEmpty()) {
      return known.pop();
    }
    Arena arena = Arena.ofShared();
    return new Block(arena, arena.allocate(size, UNIT));
  }

  /// Takes `block` back; it is kept for a later [#take] of its size, or freed if the pool is
  /// closed.
  public synchronized void give(Block block) {
    long size = block.memory().byteSize();
    liveBlocks--;
    liveBytes -= size;
    if (closed) {
      block.arena().close();
    } else {
      free.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(block);
    }
  }

  /// Blocks taken and not given back.
  public synchronized long liveBlocks() {
    return liveBlocks;
  }

  /// Bytes of the blocks taken and not given back.
  public synchronized long liveBytes() {
    return liveBytes;
  }

  /// Frees the blocks kept.
  synchronized void trim() {
    free.values().forEach(blocks -> blocks.forEach(block -> block.arena().close()));
    free.clear();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    trim();
  }
}
