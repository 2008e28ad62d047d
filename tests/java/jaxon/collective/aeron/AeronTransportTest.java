package jaxon.collective.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.driver.ext.RandomLossGenerator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jaxon.collective.CollectiveCases;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveMismatchException;
import jaxon.collective.CollectiveTimeoutException;
import jaxon.collective.Communicator;
import jaxon.collective.PeerLostException;
import jaxon.collective.Reduction;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeronTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  @AfterEach
  void driversLeaveNothing() {
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void ipc(int size) {
    new AeronRanks(size, ipc(), LONG).runWell((c, _) -> smallAndLarge(c));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void udp(int size) {
    AeronSettings settings = AeronSettings.udp(directory.resolve("a"), 65_504);
    new AeronRanks(size, settings.withLogBytes(32 << 20), LONG).runWell((c, _) -> smallAndLarge(c));
  }

  private static void smallAndLarge(Communicator c) {
    for (long count : new long[] {0, 1, 1000}) {
      CollectiveCases.all(c, count);
    }
    CollectiveCases.allReduceF32(c, 1_000_003);
    CollectiveCases.groups(c);
    CollectiveCases.started(c);
  }

  /// Each rank with a driver of its own, as on hosts of their own; packets of the usual size, of
  /// which one in a hundred is lost on the way there, and one in a hundred of the answers.
  @Test
  void lossChangesNoBit() {
    AtomicInteger dropped = new AtomicInteger();
    AeronSettings settings = AeronSettings.udp(directory, 1408).withLogBytes(16 << 20);
    List<AeronSettings> each =
        IntStream.range(0, 2)
            .mapToObj(r ->
                new AeronSettings(
                    settings.medium(),
                    directory.resolve("driver" + r),
                    settings.mtu(),
                    settings.logBytes(),
                    true,
                    settings.liveness()))
            .toList();
    new AeronRanks(each, LONG, context -> losing(context, dropped))
        .runWell((c, _) -> {
          CollectiveCases.all(c, 1000);
          CollectiveCases.allReduceF32(c, 300_001);
          c.barrier();
        });
    assertThat(dropped.get()).isGreaterThan(5);
  }

  private static MediaDriver.Context losing(MediaDriver.Context context, AtomicInteger dropped) {
    return context.receiveChannelEndpointSupplier((channel, dispatcher, status, own) ->
        new DebugReceiveChannelEndpoint(
            channel,
            dispatcher,
            status,
            own,
            counting(new RandomLossGenerator(0.01, 4711), dropped),
            new RandomLossGenerator(0.01, 815)));
  }

  private static LossGenerator counting(LossGenerator random, AtomicInteger dropped) {
    return (address, buffer, length) -> {
      boolean drop = random.shouldDropFrame(address, buffer, length);
      dropped.addAndGet(drop ? 1 : 0);
      return drop;
    };
  }

  @Test
  void lostRankIsNamedByAllOthers() {
    Map<Integer, Throwable> thrown =
        new AeronRanks(3, ipc(), LONG)
            .run((c, transport) -> {
              c.barrier();
              if (c.rank() == 1) {
                transport.kill();
              } else {
                c.barrier();
              }
            });
    assertThat(thrown.values())
        .allSatisfy(e ->
            assertThat(e)
                .hasMessageContaining("barrier, #1 of group [0, 1, 2]")
                .hasMessageContaining("rank 1 is lost"))
        .hasAtLeastOneElementOfType(PeerLostException.class);
  }

  @Test
  void rankThatHasClosedIsNamed() {
    Map<Integer, Throwable> thrown =
        new AeronRanks(2, ipc(), LONG)
            .run((c, _) -> {
              c.barrier();
              if (c.rank() == 0) {
                c.barrier();
              }
            });
    assertThat(thrown.get(0))
        .isInstanceOf(PeerLostException.class)
        .hasMessageContaining("rank 1 is lost, it has closed its communicator");
  }

  /// The rank that reads nothing is told nothing either, and still does not wait for ever.
  @Test
  void silentRankIsNamed() {
    CountDownLatch enough = new CountDownLatch(1);
    Map<Integer, Throwable> thrown =
        new AeronRanks(2, ipc(), Duration.ofMillis(300))
            .run((c, _) -> {
              if (c.rank() == 1) {
                enough.await();
                c.barrier();
              } else {
                try {
                  c.barrier();
                } finally {
                  enough.countDown();
                }
              }
            });
    assertThat(thrown.get(0))
        .isInstanceOf(CollectiveTimeoutException.class)
        .hasMessageContaining(" s for rank 1");
  }

  @Test
  void differentCallsAreAnErrorOnBothSides() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = arena.allocate(100);
      MemorySegment b = arena.allocate(100);
      Map<Integer, Throwable> thrown =
          new AeronRanks(2, ipc(), LONG)
              .run((c, _) -> {
                if (c.rank() == 0) {
                  c.allReduce(Reduction.SUM, DType.F32, 10, a, a);
                } else {
                  c.broadcast(DType.F32, 12, 0, b);
                }
              });
      assertThat(thrown.values())
          .allSatisfy(e ->
              assertThat(e)
                  .hasMessageContaining("all_reduce(sum) of 10 f32")
                  .hasMessageContaining("collective_broadcast from rank 0 of 12 f32"))
          .hasAtLeastOneElementOfType(CollectiveMismatchException.class);
    }
  }

  @Test
  void absentRanksAreNamed() {
    AeronSettings settings = ipc();
    try (AeronDriver driver = AeronDriver.launch(settings)) {
      assertThat(driver).isNotNull();
      List<String> endpoints = List.of("a:1", "b:2");
      Duration shortly = Duration.ofMillis(200);
      assertThatThrownBy(() -> AeronTransport.connect(settings, 0, endpoints, 1, shortly))
          .isInstanceOf(CollectiveTimeoutException.class)
          .hasMessageContaining(" s for ranks [1] at [b:2]");
    }
  }

  @Test
  void missingDriverIsNamed() {
    AeronSettings settings = ipc().withLiveness(Duration.ofMillis(200));
    assertThatThrownBy(() -> AeronTransport.connect(settings, 0, List.of("a", "b"), 1, LONG))
        .isInstanceOf(CollectiveException.class)
        .hasMessageContaining("rank 0: the media driver in " + settings.directory());
  }

  @Test
  void badAddressIsNamed() {
    AeronSettings settings = AeronSettings.udp(directory.resolve("a"), 1408);
    List<String> endpoints = List.of("127.0.0.1:0", "127.0.0.1:99999");
    try (AeronDriver driver = AeronDriver.launch(settings)) {
      assertThat(driver).isNotNull();
      assertThatThrownBy(() -> AeronTransport.connect(settings, 0, endpoints, 1, LONG))
          .isInstanceOf(CollectiveException.class)
          .hasMessageContaining("127.0.0.1:99999");
    }
  }

  @Test
  void badMtuIsRefused() {
    assertThatThrownBy(() -> AeronSettings.udp(directory, 100_000))
        .hasMessageContaining("mtu must be a multiple of 32 from 1408 to 65504, got 100000");
  }

  private AeronSettings ipc() {
    return AeronSettings.ipc(directory.resolve("ipc")).withLogBytes(32 << 20).withChecksum(true);
  }
}
