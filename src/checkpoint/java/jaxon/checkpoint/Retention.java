package jaxon.checkpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/// Which checkpoints stay: each one that any rule keeps, and always the newest.
///
/// @param last so many of the newest; 0 for no such rule
/// @param every those whose step is a multiple; 0 for no such rule
/// @param best those with the lowest value of a metric
/// @param younger those that are not older
public record Retention(int last, long every, Optional<Best> best, Optional<Duration> younger) {
  /// Those with the lowest value of a metric.
  public record Best(String metric, int count) {}

  public Retention {
    if (last < 0 || every < 0 || best.map(Best::count).orElse(1) < 1) {
      throw CheckpointException.usage(
          "rules keep at least one checkpoint each, found last=%d, every=%d, best=%s"
              .formatted(last, every, best));
    }
  }

  /// The steps to remove, ascending.
  ///
  /// @param checkpoints what is known of each that can be read; others are not touched
  public List<Long> remove(SortedMap<Long, Checkpoint.Facts> checkpoints, Instant now) {
    List<Long> steps = new ArrayList<>(checkpoints.keySet());
    TreeSet<Long> kept = new TreeSet<>();
    if (!steps.isEmpty()) {
      kept.add(steps.getLast());
    }
    kept.addAll(steps.subList(Math.max(0, steps.size() - last), steps.size()));
    steps.stream().filter(step -> every > 0 && step % every == 0).forEach(kept::add);
    best.ifPresent(rule ->
        checkpoints.entrySet().stream()
            .filter(entry -> entry.getValue().metrics().containsKey(rule.metric()))
            .sorted(Comparator.comparing(entry -> entry.getValue().metrics().get(rule.metric())))
            .limit(rule.count())
            .map(Map.Entry::getKey)
            .forEach(kept::add));
    younger.ifPresent(age ->
        checkpoints.forEach((step, facts) -> {
          if (facts.createdMillis() >= now.minus(age).toEpochMilli()) {
            kept.add(step);
          }
        }));
    return steps.stream().filter(step -> !kept.contains(step)).toList();
  }
}
