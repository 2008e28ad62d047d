package jaxon.trainer.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import jaxon.config.FloatType;
import jaxon.trainer.MemoryForecast;
import jaxon.trainer.metrics.ResultTable;
import jaxon.trainer.profile.Rooflines;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/// Writes a [TrainStepResult] for people and for programs.
public final class TrainStepReport {
  private static final JsonMapper JSON = JsonMapper.shared();

  private TrainStepReport() {}

  /// One line of JSON; what is unknown is null.
  public static String json(TrainStepResult result) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("config", result.config());
    line.put("dtype", result.dtype().yamlName());
    line.put("hardware", result.hardware());
    line.put("threads", result.threads());
    line.put("parameters", result.parameters());
    line.put("tokens_per_step", result.tokensPerStep());
    line.put("tokens_per_second", result.tokensPerSecond());
    line.put("model_gflops", result.modelGflops());
    line.put("gemm_roofline_gflops", result.gemmRooflineGflops());
    line.put("roofline_fraction", result.rooflineFraction());
    line.put("float32_roofline_gflops", result.rooflines().float32Gflops());
    line.put("bfloat16_roofline_gflops", result.rooflines().bfloat16Gflops());
    line.put("copy_bandwidth_gbs", result.rooflines().copyGbs());
    line.put("roofline_drift", result.rooflineDrift());
    line.put("peak_memory_bytes", nullable(result.peakMemoryBytes()));
    line.put("predicted_memory_bytes", nullable(result.memory().processBytes()));
    line.put("device_peak_bytes", nullable(result.devicePeakBytes()));
    line.put("predicted_device_bytes", result.memory().deviceBytes());
    line.put("time_to_first_step_seconds", result.timeToFirstStepSeconds());
    line.put("step_seconds_median", result.stepSeconds().median());
    line.put("step_seconds_min", result.stepSeconds().min());
    line.put("step_seconds_max", result.stepSeconds().max());
    line.put("java_heap_bytes_per_step", result.heapBytesPerStep());
    line.put("garbage_collections", result.collections());
    line.put("first_loss", result.firstLoss());
    line.put("last_loss", result.lastLoss());
    line.put("warnings", result.warnings());
    return JSON.writeValueAsString(line);
  }

  /// A table, closed by the warnings.
  public static String table(TrainStepResult result, boolean unicode) {
    ResultTable table = new ResultTable();
    FloatType dtype = result.dtype();
    Rooflines roof = result.rooflines();
    table.text("configuration", result.config());
    table.text("hardware", result.hardware() + ", " + result.threads() + " threads");
    table.text(
        "model",
        "%,d parameters, %,d tokens a step, %s"
            .formatted(result.parameters(), result.tokensPerStep(), dtype.yamlName()));
    table.text("throughput", "%,.0f tokens/s".formatted(result.tokensPerSecond()));
    table.text("model work", "%,.1f GFLOP/s".formatted(result.modelGflops()));
    table.text(
        "share of the %s roofline".formatted(dtype.yamlName()),
        "%.1f %%".formatted(100 * result.rooflineFraction()));
    Spread step = result.stepSeconds();
    table.text(
        "step time, median (min to max)",
        String.format(Locale.ROOT, "%.3f s (%.3f to %.3f)", step.median(), step.min(), step.max()));
    table.text("float32 roofline", "%,.1f GFLOP/s".formatted(roof.float32Gflops()));
    table.text("bfloat16 roofline", "%,.1f GFLOP/s".formatted(roof.bfloat16Gflops()));
    table.text("copy bandwidth", "%,.1f GB/s".formatted(roof.copyGbs()));
    table.text(
        "device memory, peak (predicted)",
        memory(result.devicePeakBytes(), OptionalLong.of(result.memory().deviceBytes())));
    table.text(
        "process memory, peak (predicted)",
        memory(result.peakMemoryBytes(), result.memory().processBytes()));
    table.time("time to the first step", result.timeToFirstStepSeconds());
    table.text(
        "Java heap",
        "%,d bytes a step, %,d collections"
            .formatted(result.heapBytesPerStep(), result.collections()));
    table.loss("loss, first step", result.firstLoss());
    table.loss("loss, last step", result.lastLoss());
    StringBuilder text = new StringBuilder(table.render(unicode));
    result.warnings().forEach(warning -> text.append("Warning: ").append(warning).append('\n'));
    return text.toString();
  }

  private static Object nullable(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : NullNode.getInstance();
  }

  private static String memory(OptionalLong peak, OptionalLong predicted) {
    return "%s (%s)".formatted(mebibytes(peak), mebibytes(predicted));
  }

  private static String mebibytes(OptionalLong bytes) {
    return bytes.isPresent() ? MemoryForecast.mebibytes(bytes.getAsLong()) : "unknown";
  }
}
