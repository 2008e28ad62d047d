package jaxon.collective.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import jaxon.collective.CallQueue;
import jaxon.collective.FlightRecorder;
import jaxon.collective.TransferCounts;
import org.jspecify.annotations.Nullable;

/// What the communicators of one rank share.
final class LocalRank implements AutoCloseable {
  /// Elements reduced at a time: their accumulator stays in the first-level cache.
  static final int BLOCK = 2048;

  private final Map<LocalGroup, LocalCommunicator> communicators = new HashMap<>();
  private final CallQueue queue;
  private final FlightRecorder recorder;
  private final TransferCounts transfers = new TransferCounts();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment accumulator = arena.allocate((long) BLOCK * Double.BYTES, 64);
  private volatile @Nullable Thread thread;

  LocalRank(LocalWorld world, int rank) {
    this.queue = new CallQueue("jaxon-collective-" + rank + "-of-" + world.hashCode());
    this.recorder = new FlightRecorder(rank);
  }

  /// The one communicator of this rank in a group, so that its calls have one sequence.
  LocalCommunicator communicator(LocalGroup group, int place) {
    synchronized (communicators) {
      return communicators.computeIfAbsent(group, g -> new LocalCommunicator(g, place));
    }
  }

  CallQueue queue() {
    return queue;
  }

  FlightRecorder recorder() {
    return recorder;
  }

  TransferCounts transfers() {
    return transfers;
  }

  /// Memory for [#BLOCK] elements of any accumulator, aligned to a cache line.
  long accumulator() {
    return accumulator.address();
  }

  void watch(Thread started) {
    thread = started;
  }

  /// Whether the thread of this rank is known to have ended.
  boolean hasEnded() {
    Thread known = thread;
    return known != null && known.getState() == Thread.State.TERMINATED;
  }

  @Override
  public void close() {
    queue.close();
    arena.close();
  }
}
