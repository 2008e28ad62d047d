package jaxon.collective.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jaxon.collective.CollectiveKind;
import jaxon.collective.memory.LocalWorld;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;

class CollectivesBenchmarkTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @Test
  void everyRankGetsTheSameRows() {
    AtomicReferenceArray<List<BenchmarkRow>> found = new AtomicReferenceArray<>(3);
    BenchmarkSizes sizes =
        new BenchmarkSizes(8, 1000, 8, Duration.ofMillis(1), Duration.ofMillis(1), 2);
    LocalWorld.run(
        3, DEADLINE, c -> found.set(c.rank(), new CollectivesBenchmark(c, DType.F32).run(sizes)));
    List<BenchmarkRow> rows = found.get(0);
    assertThat(rows).isEqualTo(found.get(1)).isEqualTo(found.get(2));
    assertThat(rows).hasSize(CollectivesBenchmark.KINDS.size() * 4);
    assertThat(rows).allSatisfy(row -> assertThat(row.microseconds()).isPositive());
    // 8 bytes are not enough for one element of each rank, the others are cut to whole ones.
    assertThat(rows)
        .filteredOn(row -> row.kind() == CollectiveKind.ALL_GATHER)
        .extracting(BenchmarkRow::bytes)
        .containsExactly(12L, 60L, 504L, 996L);
  }

  @Test
  void bandwidthsAreThoseOfNcclTests() {
    BenchmarkRow row = BenchmarkRow.of(CollectiveKind.ALL_REDUCE, 4, 4000, 2, 1000);
    assertThat(row.count()).isEqualTo(2000);
    assertThat(row.algorithmBandwidth()).isEqualTo(4);
    assertThat(row.busBandwidth()).isCloseTo(6, within(1e-12));
    assertThat(BenchmarkRow.busFactor(CollectiveKind.REDUCE_SCATTER, 4)).isEqualTo(0.75);
    assertThat(BenchmarkRow.busFactor(CollectiveKind.COLLECTIVE_BROADCAST, 4)).isEqualTo(1);
    assertThat(BenchmarkTable.text(List.of(row)).lines())
        .hasSize(2)
        .last()
        .asString()
        .matches("all_reduce +4,000 +2,000 +1\\.0 +4\\.000 +6\\.000");
  }

  @Test
  void latencyHasItsPercentiles() {
    long[] nanos = new long[200];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (200 - i) * 1000L;
    }
    assertThat(Latency.of(nanos)).isEqualTo(new Latency(100, 198, 200));
    LocalWorld.run(
        2,
        DEADLINE,
        c -> {
          Latency latency = new CollectivesBenchmark(c, DType.F32).latency(3, 50);
          assertThat(latency.calls()).isEqualTo(50);
          assertThat(latency.p99()).isGreaterThanOrEqualTo(latency.p50()).isPositive();
        });
  }

  @Test
  void floorsAreMeasured() {
    LocalWorld.run(
        2,
        DEADLINE,
        c -> {
          CollectivesBenchmark benchmark = new CollectivesBenchmark(c, DType.F32);
          assertThat(benchmark.copyFloor(new CopyFloor(1 << 16, 3))).isPositive();
        });
    assertThat(new UdpEchoFloor(8192, 8, 1 << 16, 2).measure()).isPositive();
  }

  @Test
  void badSizesAreRefused() {
    assertThatThrownBy(() -> BenchmarkSizes.upTo(4, 1)).hasMessageContaining("got 8 to 4 by 4");
  }
}
