package jaxon.cluster.launch;

import java.time.Duration;

/// How long processes may take to end.
///
/// @param afterFailure by themselves, when another one has failed
/// @param afterSignal by themselves, when the launcher was told to stop: time to end a step
/// @param afterTerm after SIGTERM, before SIGKILL
public record Patience(Duration afterFailure, Duration afterSignal, Duration afterTerm) {
  /// Times that suit training.
  public static final Patience USUAL =
      new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(5));

  /// The same with another time to end a step.
  public Patience withAfterSignal(Duration time) {
    return new Patience(afterFailure, time, afterTerm);
  }
}
