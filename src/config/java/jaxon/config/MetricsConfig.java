package jaxon.config;

import java.nio.file.Path;
import java.util.Optional;

/// Where the numbers of the run are written.
public record MetricsConfig(
    @Key(doc = "Write TensorBoard event files to the run's directory.", defaultValue = "true")
        boolean enableTensorboard,
    @Key(
            doc =
                "File for one line of JSON a step, relative to the run's directory. Empty:"
                    + " metrics.jsonl; off: none.",
            defaultValue = "",
            differs = "in MaxText, empty means no file")
        String metricsFile) {

  /// The metrics file of a run whose files are in `runDirectory`; empty when it is switched off.
  public Optional<Path> metricsPath(Path runDirectory) {
    return switch (metricsFile) {
      case "off" -> Optional.empty();
      case "" -> Optional.of(runDirectory.resolve("metrics.jsonl"));
      default -> Optional.of(runDirectory.resolve(metricsFile));
    };
  }
}
