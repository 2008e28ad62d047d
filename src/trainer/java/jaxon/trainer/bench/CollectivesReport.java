package jaxon.trainer.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jaxon.collective.Communicator;
import jaxon.collective.aeron.AeronSettings;
import jaxon.collective.bench.BenchmarkRow;
import jaxon.collective.bench.BenchmarkSizes;
import jaxon.collective.bench.BenchmarkTable;
import jaxon.collective.bench.CollectivesBenchmark;
import jaxon.collective.bench.CopyFloor;
import jaxon.collective.bench.Latency;
import jaxon.collective.bench.UdpEchoFloor;
import jaxon.collective.memory.LocalWorld;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.trainer.ProcessCollectives;
import tools.jackson.databind.json.JsonMapper;

/// Times collectives and says what the machine could do at most: all ranks call it, one reports.
///
/// @param json one object a line instead of a table
public record CollectivesReport(BenchmarkSizes sizes, boolean json) {
  private static final int LATENCY_CALLS = 2_000;
  private static final int LATENCY_WARM_UP = 1_000;
  private static final int WINDOW = 32;
  private static final int DATAGRAMS = 20_000;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /// Vectors of 8 bytes to `most`.
  public static CollectivesReport upTo(long most, int iterations, boolean json) {
    return new CollectivesReport(new BenchmarkSizes(8, most, 4, 5, iterations), json);
  }

  /// Ranks of this process, which share its memory.
  public void inMemory(int ranks, Consumer<String> out) {
    LocalWorld.run(
        ranks,
        DEADLINE,
        communicator -> run(communicator, false, communicator.rank() == 0 ? out : _ -> {}));
  }

  /// This process's part in ranks that are processes; the first one reports.
  public void betweenProcesses(Configuration config, Consumer<String> out) {
    ProcessCollectives.run(
        config,
        (communicator, overUdp) ->
            run(communicator, overUdp, communicator.rank() == 0 ? out : _ -> {}));
  }

  /// One rank's part.
  ///
  /// @param overUdp whether packets go through the network, whose floor is then measured too
  private void run(Communicator communicator, boolean overUdp, Consumer<String> out) {
    CollectivesBenchmark benchmark = new CollectivesBenchmark(communicator, DType.F32);
    double copy = benchmark.copyFloor(CopyFloor.DEFAULT);
    Latency latency = benchmark.latency(LATENCY_WARM_UP, LATENCY_CALLS);
    List<BenchmarkRow> rows = benchmark.run(sizes);
    double echo =
        overUdp && communicator.rank() == 0
            ? new UdpEchoFloor(AeronSettings.LARGEST_MTU, WINDOW, DATAGRAMS).measure()
            : 0;
    communicator.barrier();
    lines(rows, latency, copy, echo).forEach(out);
  }

  /// What bounds a run, in microseconds and GB/s; 0 for an echo that was not measured.
  private record Bounds(double p50, double p99, double copyGbs, double udpEchoGbs) {}

  private List<String> lines(List<BenchmarkRow> rows, Latency latency, double copy, double echo) {
    if (json) {
      Stream<Object> bounds = Stream.of(new Bounds(latency.p50(), latency.p99(), copy, echo));
      return Stream.concat(rows.stream(), bounds)
          .map(JsonMapper.shared()::writeValueAsString)
          .toList();
    }
    List<String> lines = new ArrayList<>(BenchmarkTable.text(rows).lines().toList());
    lines.add(
        String.format(
            Locale.ROOT,
            "all_reduce of 8 bytes: p50 %.1f us, p99 %.1f us (%d calls)",
            latency.p50(),
            latency.p99(),
            latency.calls()));
    lines.add(
        String.format(
            Locale.ROOT,
            "copy bandwidth of a rank %.1f GB/s; zero-copy floor of an all_reduce %.1f GB/s",
            copy,
            copy / CopyFloor.ZERO_COPY_FACTOR));
    if (echo > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "UDP echo with datagrams of %,d bytes and nothing else: %.1f GB/s",
              AeronSettings.LARGEST_MTU,
              echo));
    }
    return lines;
  }
}
