package jaxon.trainer.metrics;

import java.util.SequencedMap;

/// What one step achieved, as the `perf/` scalars.
///
/// @param seconds wall time of the step
/// @param tokens tokens of the global batch, padding included
/// @param flops operations of the global batch, from [TrainingFlops#perStep]
/// @param devices devices that share the batch
public record StepThroughput(double seconds, long tokens, double flops, int devices) {

  public StepThroughput {
    if (!(seconds > 0) || tokens < 0 || !(flops >= 0) || devices < 1) {
      throw new IllegalArgumentException(
          "a step takes time on at least one device, found %s s, %d tokens, %s FLOP, %d devices"
              .formatted(seconds, tokens, flops, devices));
    }
  }

  /// Tokens of all devices together, per second.
  public double tokensPerSecond() {
    return tokens / seconds;
  }

  /// Operations of all devices together, in 10^12 per second.
  public double tflopsPerSecond() {
    return flops / 1e12 / seconds;
  }

  /// Adds the five scalars, in this order: time, TFLOP, TFLOP/s, tokens, tokens/s (per device).
  public void putInto(SequencedMap<String, Double> scalars) {
    double deviceTokens = (double) tokens / devices;
    double deviceTflops = flops / 1e12 / devices;
    scalars.put(MetricNames.STEP_TIME_SECONDS, seconds);
    scalars.put(MetricNames.PER_DEVICE_TFLOPS, deviceTflops);
    scalars.put(MetricNames.PER_DEVICE_TFLOPS_PER_SEC, deviceTflops / seconds);
    scalars.put(MetricNames.PER_DEVICE_TOKENS, deviceTokens);
    scalars.put(MetricNames.PER_DEVICE_TOKENS_PER_SEC, deviceTokens / seconds);
  }
}
