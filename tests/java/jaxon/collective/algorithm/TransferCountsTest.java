package jaxon.collective.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jaxon.collective.Call.CollectivePermute.Pair;
import jaxon.collective.CollectiveKind;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.collective.algorithm.AlgorithmChoice.AllGather;
import jaxon.collective.algorithm.AlgorithmChoice.AllReduce;
import jaxon.collective.algorithm.AlgorithmChoice.AllToAll;
import jaxon.collective.algorithm.AlgorithmChoice.Broadcast;
import jaxon.graph.type.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a rank sends is what the algorithm needs, to the byte.
class TransferCountsTest {
  private static final AlgorithmChoice LARGE =
      new Forced(AllReduce.SCATTER_GATHER, AllGather.RING, AllToAll.PAIRWISE, Broadcast.CHAIN);
  private static final AlgorithmChoice SMALL =
      new Forced(AllReduce.GATHER, AllGather.DOUBLING, AllToAll.HALVING, Broadcast.TREE);
  private static final AlgorithmChoice MIDDLE =
      new Forced(AllReduce.HALVING_DOUBLING, AllGather.DOUBLING, AllToAll.HALVING, Broadcast.TREE);

  static Stream<Integer> sizes() {
    return IntStream.concat(IntStream.rangeClosed(2, 16), IntStream.of(64)).boxed();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void largeVectorsTakeTheLowerBound(int n) {
    long count = 3L * n;
    long bytes = 4 * count;
    run(
        n,
        LARGE,
        (c, memory) -> {
          c.allReduce(Reduction.SUM, DType.F32, count, memory, memory);
          expect(c, CollectiveKind.ALL_REDUCE, n, 2L * (n - 1) * bytes / n);
          c.reduceScatter(Reduction.SUM, DType.F32, 3, memory, memory.asSlice(bytes));
          expect(c, CollectiveKind.REDUCE_SCATTER, n - 1, (n - 1) * bytes / n);
          c.allGather(DType.F32, 3, memory.asSlice(bytes), memory);
          expect(c, CollectiveKind.ALL_GATHER, 1, (n - 1) * bytes / n);
          c.allToAll(DType.F32, 3, memory, memory.asSlice(bytes));
          expect(c, CollectiveKind.ALL_TO_ALL, n - 1, (n - 1) * bytes / n);
          c.broadcast(DType.F32, count, 0, memory);
          boolean last = c.rank() == n - 1;
          expect(c, CollectiveKind.COLLECTIVE_BROADCAST, last ? 0 : 1, last ? 0 : bytes);
        });
  }

  /// bfloat16 travels as bfloat16 although it is added in float32.
  @ParameterizedTest
  @MethodSource("sizes")
  void bfloat16TakesHalf(int n) {
    run(
        n,
        LARGE,
        (c, memory) -> {
          c.allReduce(Reduction.SUM, DType.BF16, 3L * n, memory, memory);
          expect(c, CollectiveKind.ALL_REDUCE, n, 2L * (n - 1) * 3 * 2);
        });
  }

  /// A chunk is shorter by one element than another if the ranks do not divide the count: a rank
  /// sends all chunks but its own, and then all but the one its neighbour has.
  @ParameterizedTest
  @MethodSource("sizes")
  void unevenChunksAddUp(int n) {
    long count = 3L * n + 1;
    run(
        n,
        LARGE,
        (c, memory) -> {
          c.allReduce(Reduction.SUM, DType.F32, count, memory, memory);
          Blocks chunks = Blocks.chunks(0, n, count, 4);
          int next = (c.rank() + 1) % n;
          long expected = 2 * 4 * count - chunks.length(c.rank()) - chunks.length(next);
          expect(c, CollectiveKind.ALL_REDUCE, n, expected);
        });
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void smallVectorsTakeTheFewestRounds(int n) {
    int rounds = CostModel.rounds(n);
    AtomicLongArray broadcast = new AtomicLongArray(2);
    run(
        n,
        SMALL,
        (c, memory) -> {
          c.allReduce(Reduction.SUM, DType.F32, 2, memory, memory);
          expect(c, CollectiveKind.ALL_REDUCE, rounds, (n - 1) * 8L);
          c.allGather(DType.F32, 2, memory.asSlice(8L * n), memory);
          expect(c, CollectiveKind.ALL_GATHER, rounds, (n - 1) * 8L);
          c.allToAll(DType.F32, 2, memory, memory.asSlice(8L * n));
          expect(c, CollectiveKind.ALL_TO_ALL, rounds, CostModel.forwarded(n) * 8L);
          c.barrier();
          expect(c, CollectiveKind.BARRIER, rounds, 0);
          c.broadcast(DType.F32, 2, 1, memory);
          broadcast.addAndGet(0, c.transfers().messages(CollectiveKind.COLLECTIVE_BROADCAST));
          broadcast.addAndGet(1, c.transfers().bytes(CollectiveKind.COLLECTIVE_BROADCAST));
        });
    assertThat(broadcast.get(0)).isEqualTo(n - 1);
    assertThat(broadcast.get(1)).isEqualTo((n - 1) * 8L);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void halvingDoublingTakesTwiceTheRounds(int n) {
    run(
        n,
        MIDDLE,
        (c, memory) -> {
          c.allReduce(Reduction.SUM, DType.F32, n, memory, memory);
          long bytes = (CostModel.forwarded(n) + n - 1) * 4;
          expect(c, CollectiveKind.ALL_REDUCE, 2L * CostModel.rounds(n), bytes);
        });
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void permuteSendsWhatItMust(int n) {
    List<Pair> pairs = List.of(new Pair(0, 0), new Pair(n - 1, 1));
    run(
        n,
        LARGE,
        (c, memory) -> {
          c.permute(DType.F32, 5, pairs, memory, memory.asSlice(20));
          boolean sends = c.rank() == n - 1 && n > 2;
          expect(c, CollectiveKind.COLLECTIVE_PERMUTE, sends ? 1 : 0, sends ? 20 : 0);
        });
  }

  private interface Body {
    void run(Communicator c, MemorySegment memory);
  }

  private static void run(int n, AlgorithmChoice choice, Body body) {
    InMemoryNetwork.run(
        n,
        choice,
        c -> {
          try (Arena arena = Arena.ofShared()) {
            body.run(c, arena.allocate(24L * n + 64));
          }
        });
  }

  private static void expect(Communicator c, CollectiveKind kind, long messages, long bytes) {
    assertThat(c.transfers().messages(kind)).as("messages of %s", kind).isEqualTo(messages);
    assertThat(c.transfers().bytes(kind)).as("bytes of %s", kind).isEqualTo(bytes);
  }
}
