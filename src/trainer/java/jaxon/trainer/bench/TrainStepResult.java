package jaxon.trainer.bench;

import java.util.List;
import java.util.OptionalLong;
import jaxon.config.FloatType;
import jaxon.trainer.MemoryForecast;
import jaxon.trainer.profile.Rooflines;

/// What [TrainStepBenchmark] measured of one configuration.
///
/// @param config the configuration's name
/// @param hardware the backend and device
/// @param dtype type of the matrix products
/// @param threads threads the engine was given
/// @param parameters number of parameters
/// @param tokensPerStep tokens of a step
/// @param flopsPerStep model work of a step
/// @param stepSeconds time of the timed steps
/// @param firstLoss loss of the very first step
/// @param lastLoss loss of the last timed step
/// @param rooflines medians of measurements between the steps
/// @param rooflineDrift relative difference of the first measurement and the last
/// @param peakMemoryBytes most memory the process had resident, rooflines not counted
/// @param memory what was predicted before the first step
/// @param devicePeakBytes the most that the engine had allocated, if it counts
/// @param timeToFirstStepSeconds from the start of the JVM (for a further configuration: from its
///   own start) to the end of the first step
/// @param heapBytesPerStep bytes that all threads allocate on the Java heap in a step
/// @param collections garbage collections during the timed steps
/// @param warnings what makes the numbers doubtful
public record TrainStepResult(
    String config,
    String hardware,
    FloatType dtype,
    int threads,
    long parameters,
    long tokensPerStep,
    double flopsPerStep,
    Spread stepSeconds,
    double firstLoss,
    double lastLoss,
    Rooflines rooflines,
    double rooflineDrift,
    OptionalLong peakMemoryBytes,
    MemoryForecast memory,
    OptionalLong devicePeakBytes,
    double timeToFirstStepSeconds,
    long heapBytesPerStep,
    long collections,
    List<String> warnings) {
  public TrainStepResult {
    warnings = List.copyOf(warnings);
  }

  /// Tokens a second of the median step.
  public double tokensPerSecond() {
    return tokensPerStep / stepSeconds.median();
  }

  /// Model work a second of the median step, 10^9 FLOP/s.
  public double modelGflops() {
    return flopsPerStep / stepSeconds.median() / 1e9;
  }

  /// The rate of matrix products of this type alone.
  public double gemmRooflineGflops() {
    return rooflines.gemmGflops(dtype);
  }

  /// Share of the machine's matrix rate that the model's work reaches.
  public double rooflineFraction() {
    return modelGflops() / gemmRooflineGflops();
  }
}
