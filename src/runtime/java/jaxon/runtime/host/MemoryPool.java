package jaxon.runtime.host;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// All memory of a device.
///
/// Blocks of buffers are kept by size when they are given back, because fresh pages are slow;
/// blocks of programs are freed with them. Everything is counted.
public final class MemoryPool implements AutoCloseable {
  /// Blocks are multiples of this.
  private static final long UNIT = HostBlock.ALIGNMENT;

  private final Map<Long, Deque<HostBlock>> free = new HashMap<>();
  private long liveBlocks;
  private long liveBytes;
  private long heldBytes;
  private long peakBytes;
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
    return allocate(size);
  }

  /// `bytes` of zeroed memory, at least 1, for something that [#free]s it.
  public synchronized HostBlock allocate(long bytes) {
    requireOpen();
    HostBlock block = HostBlock.allocate(bytes);
    hold(bytes);
    return block;
  }

  /// Counts `bytes` that lie in blocks which were not allocated here, or no longer does, if
  /// negative.
  public synchronized void hold(long bytes) {
    heldBytes += bytes;
    peakBytes = Math.max(peakBytes, heldBytes);
  }

  /// Gives `block` back to the system.
  public synchronized void free(HostBlock block) {
    heldBytes -= block.bytes();
    block.close();
  }

  /// Takes `block` back; it is kept for a later [#take] of its size, or freed if the pool is
  /// closed.
  public synchronized void give(HostBlock block) {
    long size = block.bytes();
    liveBlocks--;
    liveBytes -= size;
    if (closed) {
      free(block);
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

  /// Bytes that the system has given and not got back: of buffers, of blocks kept for later ones,
  /// of programs.
  public synchronized long heldBytes() {
    return heldBytes;
  }

  /// The most that [#heldBytes] ever was.
  public synchronized long peakBytes() {
    return peakBytes;
  }

  /// Frees the blocks kept.
  synchronized void trim() {
    free.values().forEach(blocks -> blocks.forEach(this::free));
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
