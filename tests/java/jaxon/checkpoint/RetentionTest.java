package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  /// Checkpoints 1 to 6, a second apart up to now; the loss is lowest at 2, and 4 has none.
  private static SortedMap<Long, Checkpoint.Facts> checkpoints() {
    SortedMap<Long, Checkpoint.Facts> all = new TreeMap<>();
    for (long step = 1; step <= 6; step++) {
      Checkpoint.Facts facts = Samples.facts();
      SequencedMap<String, Double> metrics = new LinkedHashMap<>();
      if (step != 4) {
        metrics.put("loss", Math.abs(step - 2.1));
      }
      all.put(
          step,
          new Checkpoint.Facts(
              facts.jaxonVersion(),
              NOW.toEpochMilli() - 1000 * (6 - step),
              facts.mesh(),
              facts.seeds(),
              facts.configuration(),
              facts.input(),
              metrics));
    }
    return all;
  }

  private static List<Long> removed(
      int last, long every, Optional<Retention.Best> best, Optional<Duration> younger) {
    return new Retention(last, every, best, younger).remove(checkpoints(), NOW);
  }

  @Test
  void eachRuleKeepsItsOwnAndTheNewestAlwaysStays() {
    assertThat(removed(0, 0, Optional.empty(), Optional.empty()))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(removed(2, 0, Optional.empty(), Optional.empty())).containsExactly(1L, 2L, 3L, 4L);
    assertThat(removed(9, 0, Optional.empty(), Optional.empty())).isEmpty();
    assertThat(removed(0, 2, Optional.empty(), Optional.empty())).containsExactly(1L, 3L, 5L);
    assertThat(removed(0, 4, Optional.of(new Retention.Best("loss", 2)), Optional.empty()))
        .containsExactly(1L, 5L);
    assertThat(removed(0, 0, Optional.empty(), Optional.of(Duration.ofSeconds(2))))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void nothingIsRemovedFromNothing() {
    Retention rule = new Retention(1, 0, Optional.empty(), Optional.empty());
    assertThat(rule.remove(new TreeMap<>(), NOW)).isEmpty();
  }

  @Test
  void rulesThatKeepNothingAreRefused() {
    assertThatThrownBy(() -> new Retention(-1, 0, Optional.empty(), Optional.empty()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("last=-1");
  }
}
