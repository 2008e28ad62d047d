package jaxon.trainer.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// What one contestant did in a [PeerMatch].
///
/// @param seconds time of each counted round
/// @param losses loss of every step, warm-up included
public record PeerResult(
    String name,
    String description,
    List<Double> seconds,
    List<Double> losses,
    OptionalLong peakMemoryBytes) {
  public PeerResult {
    seconds = List.copyOf(seconds);
    losses = List.copyOf(losses);
  }

  /// Its time over the other's, round by round: above 1 where the other is faster.
  Spread timeOver(PeerResult other) {
    return Spread.of(
        IntStream.range(0, seconds.size())
            .mapToObj(round -> seconds.get(round) / other.seconds.get(round))
            .toList());
  }

  /// Largest relative difference of its losses to the other's.
  double lossDifference(PeerResult other) {
    double largest = 0;
    for (int step = 0; step < losses.size(); step++) {
      double difference = Math.abs(losses.get(step) - other.losses.get(step));
      largest = Math.max(largest, difference / Math.abs(other.losses.get(step)));
    }
    return largest;
  }
}
