package jaxon.trainer.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jaxon.config.Configuration;
import jaxon.config.FloatType;
import jaxon.trainer.ModelWork;
import jaxon.trainer.profile.Rooflines;
import tools.jackson.databind.json.JsonMapper;

/// Writes the results of a [PeerMatch] for people and for programs.
///
/// @param work tokens and operations of a step
public record PeerReport(String config, FloatType dtype, ModelWork work, Rooflines rooflines) {
  private static final double GIB = 1 << 30;
  private static final String ROW = "%-24s %9s %19s %10s %9s %7s %19s %9s %11s%n";

  /// The report of a configuration that the results call `name`.
  public static PeerReport of(String name, Configuration config, Rooflines rooflines) {
    return new PeerReport(name, config.run().dtype(), ModelWork.of(config), rooflines);
  }

  /// Losses may differ by as much, relatively: the types round differently in different programs.
  double lossLimit() {
    return dtype == FloatType.BFLOAT16 ? 1e-2 : 1e-3;
  }

  /// One line of JSON for each contestant.
  public String json(List<PeerResult> results) {
    StringBuilder text = new StringBuilder();
    for (PeerResult result : results) {
      text.append(JsonMapper.shared().writeValueAsString(line(result, results.getFirst())))
          .append('\n');
    }
    return text.toString();
  }

  private Map<String, Object> line(PeerResult result, PeerResult first) {
    Spread seconds = Spread.of(result.seconds());
    Spread ratio = result.timeOver(first);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("config", config);
    line.put("dtype", dtype.yamlName());
    line.put("contestant", result.name());
    line.put("description", result.description());
    line.put("tokens_per_second", work.tokensPerStep() / seconds.median());
    line.put("model_gflops", gflops(seconds));
    line.put("gemm_roofline_gflops", rooflines.gemmGflops(dtype));
    line.put("roofline_fraction", gflops(seconds) / rooflines.gemmGflops(dtype));
    line.put("step_seconds_median", seconds.median());
    line.put("step_seconds_min", seconds.min());
    line.put("step_seconds_max", seconds.max());
    line.put("time_ratio_median", ratio.median());
    line.put("time_ratio_min", ratio.min());
    line.put("time_ratio_max", ratio.max());
    line.put("peak_memory_bytes", result.peakMemoryBytes().orElse(-1));
    line.put("loss_difference", result.lossDifference(first));
    line.put("losses", result.losses());
    return line;
  }

  /// A table; ratios are times over that of the first contestant.
  public String table(List<PeerResult> results) {
    PeerResult first = results.getFirst();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %s, %,d tokens a step; %s roofline %.1f GFLOP/s, copy %.1f GB/s%n",
            config,
            dtype.yamlName(),
            work.tokensPerStep(),
            dtype.yamlName(),
            rooflines.gemmGflops(dtype),
            rooflines.copyGbs()));
    text.append(
        String.format(
            Locale.ROOT,
            ROW,
            "contestant",
            "step",
            "min to max",
            "tokens/s",
            "GFLOP/s",
            "roof",
            "time ratio",
            "memory",
            "loss diff"));
    results.forEach(result -> text.append(row(result, first)));
    results.forEach(result ->
        text.append(String.format(Locale.ROOT, "%s: %s%n", result.name(), result.description())));
    results.stream()
        .filter(result -> !(result.lossDifference(first) <= lossLimit()))
        .forEach(result -> text.append(disagreement(result)));
    return text.toString();
  }

  private String row(PeerResult result, PeerResult first) {
    Spread seconds = Spread.of(result.seconds());
    Spread ratio = result.timeOver(first);
    return String.format(
        Locale.ROOT,
        ROW,
        result.name(),
        String.format(Locale.ROOT, "%.3f s", seconds.median()),
        String.format(Locale.ROOT, "%.3f to %.3f", seconds.min(), seconds.max()),
        String.format(Locale.ROOT, "%,.0f", work.tokensPerStep() / seconds.median()),
        String.format(Locale.ROOT, "%.1f", gflops(seconds)),
        String.format(Locale.ROOT, "%.1f %%", 100 * gflops(seconds) / rooflines.gemmGflops(dtype)),
        String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", ratio.median(), ratio.min(), ratio.max()),
        result.peakMemoryBytes().isPresent()
            ? String.format(Locale.ROOT, "%.2f GiB", result.peakMemoryBytes().getAsLong() / GIB)
            : "unknown",
        String.format(Locale.ROOT, "%.1e", result.lossDifference(first)));
  }

  private String disagreement(PeerResult result) {
    return "Warning: the losses of %s differ by more than %s: it does not train the same model%n"
        .formatted(result.name(), lossLimit());
  }

  private double gflops(Spread seconds) {
    return work.flopsPerStep() / seconds.median() / 1e9;
  }
}
