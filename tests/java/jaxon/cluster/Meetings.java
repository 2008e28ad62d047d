package jaxon.cluster;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Processes that meet, here as threads of one JVM.
final class Meetings {
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private Meetings() {}

  static int freePort() {
    return FreePort.at(InetAddress.getLoopbackAddress());
  }

  static ClusterSettings settings(int port, int id, int processes) {
    return settings(port, id, processes, "job", TIMEOUT, "steps", "10");
  }

  static ClusterSettings settings(
      int port, int id, int processes, String job, Duration timeout, String... agreed) {
    SortedMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < agreed.length; i += 2) {
      values.put(agreed[i], agreed[i + 1]);
    }
    return new ClusterSettings(
        new HostPort("127.0.0.1", port), id, processes, "127.0.0.1", job, values, timeout);
  }

  /// What becomes of each of the processes: a [Rendezvous], or the error.
  static List<Object> outcomes(List<ClusterSettings> all) throws InterruptedException {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Rendezvous>> futures =
          all.stream().map(one -> threads.submit(() -> Rendezvous.join(one))).toList();
      List<Object> outcomes = new ArrayList<>();
      for (Future<Rendezvous> future : futures) {
        try {
          outcomes.add(future.get());
        } catch (ExecutionException e) {
          outcomes.add(e.getCause());
        }
      }
      return outcomes;
    }
  }

  /// Processes that met without a problem.
  static List<Rendezvous> join(int processes) throws InterruptedException {
    int port = freePort();
    List<ClusterSettings> all = new ArrayList<>();
    for (int id = 0; id < processes; id++) {
      all.add(settings(port, id, processes));
    }
    List<Rendezvous> met = new ArrayList<>();
    for (Object outcome : outcomes(all)) {
      if (outcome instanceof RuntimeException error) {
        met.forEach(Rendezvous::close);
        throw error;
      }
      met.add((Rendezvous) outcome);
    }
    return met;
  }

  static void close(List<Rendezvous> met) {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      met.forEach(one -> threads.execute(one::close));
    }
  }
}
