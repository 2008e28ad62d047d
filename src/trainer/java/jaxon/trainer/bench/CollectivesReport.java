package jaxon.trainer.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jaxon.collective.CollectiveKind;
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
  private static final int LATENCY_CALLS = 20_000;
  private static final int LATENCY_WARM_UP = 5_000;
  private static final int WINDOW = 32;
  private static final int ECHO_ROUNDS = 20;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /// Vectors of 8 bytes to `most`.
  public static CollectivesReport upTo(long most, int iterations, boolean json) {
    return new CollectivesReport(BenchmarkSizes.upTo(most, iterations), json);
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
    List<BenchmarkRow> rows = benchmark.run(sizes);
    Latency latency = benchmark.latency(LATENCY_WARM_UP, LATENCY_CALLS);
    boolean measures = overUdp && communicator.rank() == 0;
    double echo = measures ? echo(AeronSettings.LARGEST_MTU) : 0;
    double vectorEcho = measures ? echo(sizes.most()) : 0;
    communicator.barrier();
    Bounds bounds =
        new Bounds(
            latency.p50(),
            latency.p99(),
            copy,
            copy / CopyFloor.ZERO_COPY_FACTOR,
            echo,
            vectorEcho);
    lines(rows, bounds).forEach(out);
  }

  private static double echo(long vectorBytes) {
    return new UdpEchoFloor(AeronSettings.LARGEST_MTU, WINDOW, vectorBytes, ECHO_ROUNDS).measure();
  }

  /// What bounds a run, in microseconds and GB/s; 0 for echoes that were not measured.
  private record Bounds(
      double p50,
      double p99,
      double copyGbs,
      double zeroCopyGbs,
      double udpEchoGbs,
      double udpVectorEchoGbs) {}

  private List<String> lines(List<BenchmarkRow> rows, Bounds bounds) {
    if (json) {
      return Stream.concat(rows.stream(), Stream.of(bounds))
          .map(JsonMapper.shared()::writeValueAsString)
          .toList();
    }
    List<String> lines = new ArrayList<>(BenchmarkTable.text(rows).lines().toList());
    lines.add(
        String.format(
            Locale.ROOT,
            "all_reduce of 8 bytes, single calls: p50 %.1f us, p99 %.1f us",
            bounds.p50(),
            bounds.p99()));
    lines.add(
        String.format(
            Locale.ROOT,
            "copy bandwidth of a rank %.1f GB/s; zero-copy floor of an all_reduce, copy / %.1f: %.1f GB/s",
            bounds.copyGbs(),
            CopyFloor.ZERO_COPY_FACTOR,
            bounds.zeroCopyGbs()));
    lines.add(share(rows, CollectiveKind.ALL_REDUCE, "the zero-copy floor", bounds.zeroCopyGbs()));
    if (bounds.udpEchoGbs() > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "UDP echo with datagrams of %,d bytes and nothing else: %.1f GB/s from one buffer, %.1f GB/s from and to vectors of %,d bytes",
              AeronSettings.LARGEST_MTU,
              bounds.udpEchoGbs(),
              bounds.udpVectorEchoGbs(),
              sizes.most()));
      for (CollectiveKind kind :
          List.of(CollectiveKind.ALL_REDUCE, CollectiveKind.COLLECTIVE_PERMUTE)) {
        lines.add(share(rows, kind, "the echo of one buffer", bounds.udpEchoGbs()));
        lines.add(share(rows, kind, "the echo of vectors", bounds.udpVectorEchoGbs()));
      }
    }
    return lines;
  }

  private static String share(
      List<BenchmarkRow> rows, CollectiveKind kind, String of, double bound) {
    BenchmarkRow largest = rows.stream().filter(row -> row.kind() == kind).toList().getLast();
    return String.format(
        Locale.ROOT,
        "%s of %,d bytes: busbw %.2f GB/s, %.0f %% of %s",
        kind,
        largest.bytes(),
        largest.busBandwidth(),
        100 * largest.busBandwidth() / bound,
        of);
  }
}
