package jaxon.collective.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.collective.CollectiveCases;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveKind;
import jaxon.collective.CollectiveMismatchException;
import jaxon.collective.CollectiveTimeoutException;
import jaxon.collective.Communicator;
import jaxon.collective.FlightRecorder;
import jaxon.collective.PeerLostException;
import jaxon.collective.Reduction;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalWorldTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void computesEveryCollective(int size) {
    LocalWorld.run(
        size,
        LONG,
        c -> {
          for (long count : new long[] {0, 1, 7, 1000, 9_001}) {
            CollectiveCases.all(c, count);
          }
        });
  }

  @Test
  void manyRanksOnFewCores() {
    LocalWorld.run(64, LONG, c -> CollectiveCases.all(c, 67));
  }

  @Test
  void groupsComputeAmongThemselves() {
    LocalWorld.run(7, LONG, CollectiveCases::groups);
  }

  @Test
  void startedCallsKeepTheirOrder() {
    LocalWorld.run(3, LONG, CollectiveCases::started);
  }

  @Test
  void countsTheBytesOfTheLowerBound() {
    LocalWorld.run(
        4,
        LONG,
        c -> {
          CollectiveCases.allReduceF32(c, 400);
          assertThat(c.transfers().bytes(CollectiveKind.ALL_REDUCE))
              .isEqualTo(2 * (2 * 3 * 1600 / 4));
        });
  }

  @Test
  void differentCallsAreAnErrorThatTellsBothSides() {
    try (LocalWorld world = new LocalWorld(2, LONG);
        Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(1000);
      List<Throwable> thrown =
          together(
              world,
              c -> c.allReduce(Reduction.SUM, DType.F32, 10, memory, memory),
              c -> c.allGather(DType.F32, 12, memory, memory.asSlice(100)));
      assertThat(thrown)
          .allSatisfy(e ->
              assertThat(e)
                  .isInstanceOf(CollectiveMismatchException.class)
                  .hasMessageContaining("rank 0 all_reduce(sum) of 10 f32")
                  .hasMessageContaining("rank 1 all_gather of 12 f32"));
    }
  }

  @Test
  void lateRankIsNamed() {
    try (LocalWorld world = new LocalWorld(3, Duration.ofMillis(300))) {
      List<Throwable> thrown =
          together(world, Communicator::barrier, Communicator::barrier, c -> {});
      assertThat(thrown.subList(0, 2))
          .allSatisfy(e -> assertThat(e).hasMessageContaining("for rank 2"))
          .anySatisfy(e ->
              assertThat(e)
                  .isInstanceOf(CollectiveTimeoutException.class)
                  .hasMessageContaining("barrier, #0 of group [0, 1, 2]"));
    }
  }

  @Test
  void rankThatThrowsFailsTheOthersAtOnce() {
    assertThatThrownBy(() ->
            LocalWorld.run(
                3,
                LONG,
                c -> {
                  if (c.rank() == 1) {
                    throw new IllegalStateException("no more tokens");
                  }
                  c.barrier();
                }))
        .satisfies(e ->
            assertThat(IntStream.range(0, 2).mapToObj(i -> e.getSuppressed()[i]).toList())
                .allSatisfy(other ->
                    assertThat(other)
                        .isInstanceOf(PeerLostException.class)
                        .hasMessageContaining("rank 1 is lost")
                        .hasMessageContaining("no more tokens")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rankThatReturnsEarlyIsNoticed() {
    assertThatThrownBy(() ->
            LocalWorld.run(
                2,
                LONG,
                c -> {
                  if (c.rank() == 0) {
                    c.barrier();
                  }
                }))
        .isInstanceOf(PeerLostException.class)
        .hasMessageContaining("rank 1 is lost, its thread has ended");
  }

  @Test
  void brokenWorldStaysBroken() {
    try (LocalWorld world = new LocalWorld(2, LONG)) {
      world.communicator(1).abort(new IllegalStateException("stop"));
      Communicator c = world.communicator(0);
      assertThat(catchThrowable(c::barrier)).isInstanceOf(PeerLostException.class);
      assertThat(catchThrowable(c::barrier)).hasMessageContaining("stop");
      assertThat(c.recorder().entries())
          .extracting(FlightRecorder.Entry::state)
          .containsOnly(FlightRecorder.State.FAILED);
    }
  }

  @Test
  void badMemoryIsRefusedBeforeAnyoneWaits() {
    try (LocalWorld world = new LocalWorld(2, LONG);
        Arena arena = Arena.ofConfined()) {
      Communicator c = world.communicator(0);
      MemorySegment small = arena.allocate(8);
      assertThatThrownBy(() -> c.allReduce(Reduction.SUM, DType.F32, 3, small, small))
          .hasMessage("all_reduce: input of 3 f32 needs 12 bytes, the segment has 8");
      MemorySegment heap = MemorySegment.ofArray(new float[3]);
      assertThatThrownBy(() -> c.broadcast(DType.F32, 3, 0, heap))
          .hasMessageContaining("lies on the Java heap");
      MemorySegment large = arena.allocate(28);
      assertThatThrownBy(() -> c.allToAll(DType.F32, 2, large, large.asSlice(12)))
          .hasMessage("all_to_all: input and output overlap in 4 bytes");
      assertThatThrownBy(() -> c.split(List.of(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("have rank 0");
    }
  }

  /// Runs one body for each rank and gives what each threw, in the order of the ranks.
  private static List<Throwable> together(LocalWorld world, LocalWorld.Body... bodies) {
    Throwable[] thrown = new Throwable[bodies.length];
    List<Thread> threads =
        IntStream.range(0, bodies.length)
            .mapToObj(r ->
                Thread.ofVirtual()
                    .start(() ->
                        thrown[r] = catchThrowable(() -> bodies[r].run(world.communicator(r)))))
            .toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new CollectiveException("interrupted", CollectiveException.NO_PEER, e);
      }
    }
    return Arrays.asList(thrown);
  }
}
