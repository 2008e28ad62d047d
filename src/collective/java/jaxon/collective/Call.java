package jaxon.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import jaxon.graph.type.DType;

/// One rank's part in a collective: what is computed, and where its memory lies.
///
/// Segments are native and at least as large as stated. An input may lie exactly where the output
/// does, as told at each kind; otherwise they must not overlap.
public sealed interface Call {
  /// What the ranks must agree upon.
  CallHeader header();

  /// Refuses a call of rank `rank` of `ranks` that asks for what is not there, or whose memory does
  /// not do.
  void check(int rank, int ranks);

  /// Every rank gets the reduction of all inputs. In place if `input` is `output`.
  record AllReduce(
      Reduction reduction, DType dtype, long count, MemorySegment input, MemorySegment output)
      implements Call {
    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.ALL_REDUCE, reduction, dtype, count, 0);
    }

    @Override
    public void check(int rank, int ranks) {
      CallMemory.check(this, "input", input, dtype, count);
      CallMemory.check(this, "output", output, dtype, count);
      CallMemory.sameOrApart(this, input, output, count * dtype.bytes());
    }
  }

  /// Every rank gets the inputs of `count` elements of all, one after the other by rank. In place
  /// if `input` is this rank's part of `output`.
  record AllGather(DType dtype, long count, MemorySegment input, MemorySegment output)
      implements Call {
    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.ALL_GATHER, null, dtype, count, 0);
    }

    @Override
    public void check(int rank, int ranks) {
      CallMemory.check(this, "input", input, dtype, count);
      CallMemory.check(this, "output", output, dtype, Math.multiplyExact(count, ranks));
      CallMemory.partOrApart(this, input, output, count * dtype.bytes(), rank, ranks);
    }
  }

  /// Rank r gets the reduction of the r-th `count` elements of all inputs. In place if `output` is
  /// this rank's part of `input`.
  record ReduceScatter(
      Reduction reduction, DType dtype, long count, MemorySegment input, MemorySegment output)
      implements Call {
    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.REDUCE_SCATTER, reduction, dtype, count, 0);
    }

    @Override
    public void check(int rank, int ranks) {
      CallMemory.check(this, "input", input, dtype, Math.multiplyExact(count, ranks));
      CallMemory.check(this, "output", output, dtype, count);
      CallMemory.partOrApart(this, output, input, count * dtype.bytes(), rank, ranks);
    }
  }

  /// The r-th `count` elements of the input go to rank r, which lays them out by the rank they come
  /// from. Not in place.
  record AllToAll(DType dtype, long count, MemorySegment input, MemorySegment output)
      implements Call {
    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.ALL_TO_ALL, null, dtype, count, 0);
    }

    @Override
    public void check(int rank, int ranks) {
      long total = Math.multiplyExact(count, ranks);
      CallMemory.check(this, "input", input, dtype, total);
      CallMemory.check(this, "output", output, dtype, total);
      CallMemory.apart(this, input, output, total * dtype.bytes(), total * dtype.bytes());
    }
  }

  /// All-to-all with parts of different sizes, packed one after the other by rank: `sendCounts[r]`
  /// elements go to rank r, `receiveCounts[r]` come from it. Not in place.
  record RaggedAllToAll(
      DType dtype,
      List<Long> sendCounts,
      List<Long> receiveCounts,
      MemorySegment input,
      MemorySegment output)
      implements Call {
    public RaggedAllToAll {
      sendCounts = List.copyOf(sendCounts);
      receiveCounts = List.copyOf(receiveCounts);
    }

    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.RAGGED_ALL_TO_ALL, null, dtype, 0, 0);
    }

    @Override
    public void check(int rank, int ranks) {
      long sent = CallMemory.total(this, "sendCounts", sendCounts, ranks);
      long received = CallMemory.total(this, "receiveCounts", receiveCounts, ranks);
      CallMemory.check(this, "input", input, dtype, sent);
      CallMemory.check(this, "output", output, dtype, received);
      CallMemory.apart(this, input, output, sent * dtype.bytes(), received * dtype.bytes());
    }
  }

  /// Each pair's source sends its input to its target; a rank that is no target gets zeros. Sources
  /// are distinct, targets too. Not in place.
  record CollectivePermute(
      DType dtype, long count, List<Pair> pairs, MemorySegment input, MemorySegment output)
      implements Call {
    public CollectivePermute {
      pairs = List.copyOf(pairs);
    }

    /// Ranks of the group: `source` sends to `target`, which may be itself.
    public record Pair(int source, int target) {}

    @Override
    public CallHeader header() {
      CollectiveKind kind = CollectiveKind.COLLECTIVE_PERMUTE;
      return new CallHeader(kind, null, dtype, count, pairs.hashCode());
    }

    @Override
    public void check(int rank, int ranks) {
      boolean distinct =
          pairs.stream().map(Pair::source).distinct().count() == pairs.size()
              && pairs.stream().map(Pair::target).distinct().count() == pairs.size();
      for (Pair pair : pairs) {
        Objects.checkIndex(pair.source(), ranks);
        Objects.checkIndex(pair.target(), ranks);
      }
      if (!distinct) {
        throw new IllegalArgumentException(
            "collective_permute: each rank may be a source once and a target once, got " + pairs);
      }
      CallMemory.check(this, "input", input, dtype, count);
      CallMemory.check(this, "output", output, dtype, count);
      CallMemory.apart(this, input, output, count * dtype.bytes(), count * dtype.bytes());
    }
  }

  /// Every rank's `buffer` becomes that of rank `root`.
  record CollectiveBroadcast(DType dtype, long count, int root, MemorySegment buffer)
      implements Call {
    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.COLLECTIVE_BROADCAST, null, dtype, count, root);
    }

    @Override
    public void check(int rank, int ranks) {
      Objects.checkIndex(root, ranks);
      CallMemory.check(this, "buffer", buffer, dtype, count);
    }
  }

  /// Returns when every rank has called it.
  record Barrier() implements Call {
    @Override
    public CallHeader header() {
      return new CallHeader(CollectiveKind.BARRIER, null, DType.I8, 0, 0);
    }

    @Override
    public void check(int rank, int ranks) {}
  }
}
