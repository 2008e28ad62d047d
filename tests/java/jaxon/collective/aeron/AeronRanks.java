package jaxon.collective.aeron;

import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jaxon.collective.Communicator;
import jaxon.collective.algorithm.CostModel;
import jaxon.collective.algorithm.PeerCommunicator;

/// Ranks of one process that talk over Aeron, each on a thread of its own.
final class AeronRanks {
  private static final long EPOCH = 17;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// What a rank does.
  interface Body {
    void run(Communicator communicator, AeronTransport transport) throws Exception;
  }

  private final int size;
  private final Duration deadline;
  private final UnaryOperator<MediaDriver.Context> adjustment;
  private final List<AeronSettings> settings;

  /// Ranks that share the driver of `settings`.
  AeronRanks(int size, AeronSettings settings, Duration deadline) {
    this(
        IntStream.range(0, size).mapToObj(i -> settings).toList(),
        deadline,
        UnaryOperator.identity());
  }

  /// A rank for each of `settings`, and a driver for each directory in them.
  AeronRanks(
      List<AeronSettings> settings,
      Duration deadline,
      UnaryOperator<MediaDriver.Context> adjustment) {
    this.size = settings.size();
    this.settings = settings;
    this.deadline = deadline;
    this.adjustment = adjustment;
  }

  /// What each rank threw, by rank.
  Map<Integer, Throwable> run(Body body) {
    List<String> endpoints = FreeEndpoints.at("127.0.0.1", size);
    Map<Integer, Throwable> thrown = new ConcurrentSkipListMap<>();
    List<Path> directories = settings.stream().map(AeronSettings::directory).distinct().toList();
    List<AeronDriver> drivers = new ArrayList<>();
    try {
      for (Path directory : directories) {
        AeronSettings own =
            settings.stream().filter(s -> s.directory().equals(directory)).findFirst().get();
        drivers.add(AeronDriver.launch(own, adjustment));
      }
      List<Thread> threads =
          IntStream.range(0, size)
              .mapToObj(r -> Thread.ofPlatform().start(() -> rank(r, endpoints, body, thrown)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      drivers.forEach(AeronDriver::close);
    }
    return thrown;
  }

  /// Runs `body` on each rank; throws what one of them threw.
  void runWell(Body body) {
    for (Throwable e : run(body).values()) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private void rank(int rank, List<String> endpoints, Body body, Map<Integer, Throwable> thrown) {
    try {
      AeronTransport transport =
          AeronTransport.connect(settings.get(rank), rank, endpoints, EPOCH, CONNECT);
      try (Communicator communicator =
          PeerCommunicator.world(transport, EPOCH, deadline, CostModel.DEFAULT)) {
        body.run(communicator, transport);
      }
    } catch (Throwable e) {
      thrown.put(rank, e);
    }
  }
}
