package jaxon.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jaxon.collective.Call.CollectivePermute.Pair;
import jaxon.graph.type.DType;

/// A rank's place in a group of ranks that compute together.
///
/// All ranks of a group make the same calls in the same order; a rank that is in several groups
/// makes its calls to all of them in one order, as programs do that are the same on every rank. A
/// call returns when this rank's result is complete and its input may be changed; `start…` returns
/// at once, and what was started is done in the order of the calls. One thread at a time may use
/// the communicators of a rank.
///
/// A failed collective breaks the communicator, and all others of the rank: every later call throws
/// what the first one threw.
///
/// @see Call for the layout of inputs and outputs
public interface Communicator extends AutoCloseable {
  /// This rank's place in the group.
  int rank();

  /// Ranks in the group.
  int size();

  /// The places of the group's ranks in the world it was split from, in the order of the group.
  List<Integer> members();

  /// Carries out `call` and returns when this rank's result is complete.
  ///
  /// @throws IllegalArgumentException if the call does not fit the group or its memory
  /// @throws CollectiveMismatchException if another rank called something else
  /// @throws PeerLostException if a rank has ended or cannot be reached any more
  /// @throws CollectiveTimeoutException if the deadline passed first
  /// @throws CollectiveAbortedException if another rank gave up
  void run(Call call);

  /// Starts `call`; its memory is in use until [Pending#await] returns.
  Pending start(Call call);

  /// The communicator of some of these ranks, `members` in the order of their new ranks; this rank
  /// is one of them. Every member calls this with the same list. Nothing is sent.
  Communicator split(List<Integer> members);

  /// Tells every other rank that this one gives up, so that none waits for it.
  void abort(Throwable cause);

  /// Tells this rank that another one of the world is gone, as whoever watches over processes may
  /// notice sooner; a call that waits, and every later one, throws [PeerLostException]. Any thread
  /// may call this.
  void lost(int rank, String reason);

  /// The last collectives of this rank, in all its groups.
  FlightRecorder recorder();

  /// What this rank has sent, in all its groups.
  TransferCounts transfers();

  @Override
  void close();

  default void allReduce(
      Reduction reduction, DType dtype, long count, MemorySegment input, MemorySegment output) {
    run(new Call.AllReduce(reduction, dtype, count, input, output));
  }

  default void allGather(DType dtype, long count, MemorySegment input, MemorySegment output) {
    run(new Call.AllGather(dtype, count, input, output));
  }

  default void reduceScatter(
      Reduction reduction, DType dtype, long count, MemorySegment input, MemorySegment output) {
    run(new Call.ReduceScatter(reduction, dtype, count, input, output));
  }

  default void allToAll(DType dtype, long count, MemorySegment input, MemorySegment output) {
    run(new Call.AllToAll(dtype, count, input, output));
  }

  default void allToAll(
      DType dtype,
      List<Long> sendCounts,
      List<Long> receiveCounts,
      MemorySegment input,
      MemorySegment output) {
    run(new Call.RaggedAllToAll(dtype, sendCounts, receiveCounts, input, output));
  }

  default void permute(
      DType dtype, long count, List<Pair> pairs, MemorySegment input, MemorySegment output) {
    run(new Call.CollectivePermute(dtype, count, pairs, input, output));
  }

  default void broadcast(DType dtype, long count, int root, MemorySegment buffer) {
    run(new Call.CollectiveBroadcast(dtype, count, root, buffer));
  }

  default void barrier() {
    run(new Call.Barrier());
  }

  default Pending startAllReduce(
      Reduction reduction, DType dtype, long count, MemorySegment input, MemorySegment output) {
    return start(new Call.AllReduce(reduction, dtype, count, input, output));
  }

  default Pending startAllGather(
      DType dtype, long count, MemorySegment input, MemorySegment output) {
    return start(new Call.AllGather(dtype, count, input, output));
  }

  default Pending startReduceScatter(
      Reduction reduction, DType dtype, long count, MemorySegment input, MemorySegment output) {
    return start(new Call.ReduceScatter(reduction, dtype, count, input, output));
  }

  default Pending startAllToAll(
      DType dtype, long count, MemorySegment input, MemorySegment output) {
    return start(new Call.AllToAll(dtype, count, input, output));
  }

  default Pending startPermute(
      DType dtype, long count, List<Pair> pairs, MemorySegment input, MemorySegment output) {
    return start(new Call.CollectivePermute(dtype, count, pairs, input, output));
  }

  default Pending startBroadcast(DType dtype, long count, int root, MemorySegment buffer) {
    return start(new Call.CollectiveBroadcast(dtype, count, root, buffer));
  }
}
