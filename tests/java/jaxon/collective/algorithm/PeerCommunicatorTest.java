package jaxon.collective.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jaxon.collective.CallHeader;
import jaxon.collective.CollectiveAbortedException;
import jaxon.collective.CollectiveCases;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveKind;
import jaxon.collective.CollectiveMismatchException;
import jaxon.collective.CollectiveTimeoutException;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerCommunicatorTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  static Stream<AlgorithmChoice> choices() {
    return Forced.all().stream();
  }

  /// Frames of 208 bytes and queues of 3: everything is cut, and has to wait.
  @ParameterizedTest
  @MethodSource("choices")
  void everyAlgorithmGivesTheSameBits(AlgorithmChoice choice) {
    for (int size : new int[] {1, 2, 3, 4, 5, 8, 13, 16}) {
      InMemoryNetwork.run(
          size,
          choice,
          c -> {
            for (long count : new long[] {0, 1, 16, 333}) {
              CollectiveCases.all(c, count);
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("choices")
  void sixtyFourRanks(AlgorithmChoice choice) {
    InMemoryNetwork.run(
        64,
        choice,
        c -> {
          CollectiveCases.allReduceF32(c, 1);
          CollectiveCases.all(c, 67);
        });
  }

  /// Contributions of more than one piece, so that the sum goes around the ranks several times.
  @Test
  void addsUpPieceByPiece() {
    AlgorithmChoice large = Forced.all().getLast();
    assertThat(large.allReduce(3, 0)).isEqualTo(AlgorithmChoice.AllReduce.SCATTER_GATHER);
    try (InMemoryNetwork network = new InMemoryNetwork(3, 60_000)) {
      InMemoryNetwork.Body body = c -> CollectiveCases.allReduceF32(c, 3 * 150_001);
      assertThat(InMemoryNetwork.run(network, LONG, large, List.of(body, body, body))).isEmpty();
    }
  }

  @Test
  void groupsComputeAmongThemselves() {
    InMemoryNetwork.run(7, CostModel.DEFAULT, CollectiveCases::groups);
  }

  @Test
  void startedCallsKeepTheirOrder() {
    InMemoryNetwork.run(3, CostModel.DEFAULT, CollectiveCases::started);
  }

  @Test
  void differentCallsAreAnErrorThatTellsBothSides() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = arena.allocate(1000);
      MemorySegment b = arena.allocate(1000);
      Map<Integer, Throwable> thrown =
          failures(
              LONG,
              c -> c.allReduce(Reduction.SUM, DType.F32, 10, a, a),
              c -> c.allGather(DType.F32, 12, b.asSlice(500), b));
      assertThat(thrown.values())
          .hasSize(2)
          .allSatisfy(e ->
              assertThat(e)
                  .isInstanceOf(CollectiveException.class)
                  .hasMessageContaining("all_reduce(sum) of 10 f32 (40 bytes), #0")
                  .hasMessageContaining("all_gather of 12 f32 (48 bytes), #0"))
          .hasAtLeastOneElementOfType(CollectiveMismatchException.class);
    }
  }

  @Test
  void partsOfDifferentSizesAreAnError() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment m = arena.allocate(1000);
      MemorySegment out = arena.allocate(1000);
      Map<Integer, Throwable> thrown =
          failures(
              LONG,
              c -> c.allToAll(DType.F32, List.of(0L, 3L), List.of(0L, 1L), m, out),
              c -> c.allToAll(DType.F32, List.of(1L, 0L), List.of(4L, 0L), m, out));
      assertThat(thrown.get(1))
          .isInstanceOf(CollectiveMismatchException.class)
          .hasMessageContaining("rank 0 called something else: ragged_all_to_all of 3 f32");
    }
  }

  @Test
  void silentRankIsNamed() {
    Map<Integer, Throwable> thrown =
        failures(Duration.ofMillis(200), Communicator::barrier, c -> {});
    assertThat(thrown.get(0))
        .isInstanceOf(CollectiveTimeoutException.class)
        .hasMessageContaining("rank 0: barrier, #0 of group [0, 1]: waited ")
        .hasMessageContaining(" s for rank 1, from which nothing")
        .satisfies(e -> assertThat(((CollectiveException) e).peer()).isEqualTo(1));
    assertThat(thrown.get(1)).isNull();
  }

  @Test
  void rankThatGivesUpFailsTheOthers() {
    Map<Integer, Throwable> thrown =
        failures(
            LONG,
            Communicator::barrier,
            c -> {
              throw new IllegalStateException("no more tokens");
            },
            Communicator::barrier);
    assertThat(thrown.remove(1)).isInstanceOf(IllegalStateException.class);
    assertThat(thrown.values())
        .hasSize(2)
        .allSatisfy(e ->
            assertThat(e)
                .isInstanceOf(CollectiveAbortedException.class)
                .hasMessageContaining("gave up")
                .hasMessageContaining("no more tokens"));
  }

  @Test
  void framesOfAnotherRunAreIgnored() {
    try (InMemoryNetwork network = new InMemoryNetwork(2, 208)) {
      CallHeader header = new CallHeader(CollectiveKind.BARRIER, null, DType.I8, 0, 0);
      network.transport(0).offer(1, new Frame(77, 0, 0, header, 0), 0, 0);
      Map<Integer, Throwable> thrown =
          InMemoryNetwork.run(
              network,
              LONG,
              CostModel.DEFAULT,
              List.of(Communicator::barrier, Communicator::barrier));
      assertThat(thrown).isEmpty();
    }
  }

  @Test
  void repeatedFrameIsAnError() {
    try (InMemoryNetwork network = new InMemoryNetwork(2, 208)) {
      CallHeader header = new CallHeader(CollectiveKind.BARRIER, null, DType.I8, 0, 0);
      long group = Group.of(0, List.of(0, 1)).id();
      network.transport(0).offer(1, new Frame(1, group, 0, header, 3), 0, 0);
      Map<Integer, Throwable> thrown =
          InMemoryNetwork.run(
              network,
              LONG,
              CostModel.DEFAULT,
              List.of(Communicator::barrier, Communicator::barrier));
      assertThat(thrown.get(1))
          .hasMessageContaining("frame 3 from rank 0 came where frame 0 was due");
    }
  }

  private static Map<Integer, Throwable> failures(
      Duration deadline, InMemoryNetwork.Body... bodies) {
    try (InMemoryNetwork network = new InMemoryNetwork(bodies.length, 208)) {
      return InMemoryNetwork.run(network, deadline, CostModel.DEFAULT, Arrays.asList(bodies));
    }
  }

  @Test
  void choiceDependsOnSizeAndRanks() {
    CostModel model = CostModel.DEFAULT;
    assertThat(model.allReduce(64, 8)).isEqualTo(AlgorithmChoice.AllReduce.GATHER);
    assertThat(model.allReduce(4, 64 << 20)).isEqualTo(AlgorithmChoice.AllReduce.SCATTER_GATHER);
    assertThat(model.allGather(8, 1 << 20)).isEqualTo(AlgorithmChoice.AllGather.RING);
    assertThat(model.broadcast(8, 1)).isEqualTo(AlgorithmChoice.Broadcast.TREE);
    assertThat(model.broadcast(8, 64 << 20)).isEqualTo(AlgorithmChoice.Broadcast.CHAIN);
    assertThat(IntStream.range(4, 20).mapToObj(lg -> model.allReduce(256, 1L << lg)))
        .contains(AlgorithmChoice.AllReduce.HALVING_DOUBLING);
  }
}
