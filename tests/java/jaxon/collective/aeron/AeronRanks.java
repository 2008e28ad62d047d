package jaxon.collective.aeron;

import io.aeron.driver.MediaDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
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
    List<String> endpoints = freeEndpoints();
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

  private List<String> freeEndpoints() {
    List<DatagramSocket> sockets = new ArrayList<>();
    try {
      List<String> endpoints = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        endpoints.add("127.0.0.1:" + socket.getLocalPort());
      }
      return endpoints;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sockets.forEach(DatagramSocket::close);
    }
  }
}
