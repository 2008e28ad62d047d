package jaxon.runtime.host;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Memory of buffers: blocks that are kept by size when they are given back, because fresh pages
/// are slow.
public final class MemoryPool implements AutoCloseable {
  /// Blocks are multiples of this.
  private static final long UNIT = HostBlock.ALIGNMENT;

  private final Map<Long, Deque<HostBlock>> free = new HashMap<>();
  private long liveBlocks;
  private long liveBytes;
  private boolean closed;

  /// At least `bytes` of memory with any content.
  public synchronized HostBlock take(long bytes) {
    requireOpen();
    long size = Math.max(UNIT, Math.ceilDiv(bytes, UNIT) * UNIT);
    liveBlocks++;
    liveBytes += size;
    Deque<HostBlock> known = free.get(size);
    if (known != null && !known.isEmpty()) {
      return known.pop();
    }
    return HostBlock.allocate(size);
  }

  /// Takes `block` back; it is kept for a later [#take] of its size, or freed if the pool is
  /// closed.
  public synchronized void give(HostBlock block) {
    long size = block.bytes();
    liveBlocks--;
    liveBytes -= size;
    if (closed) {
      block.close();
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
    free.values().forEach(blocks -> blocks.forEach(HostBlock::close));
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
