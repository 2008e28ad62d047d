package jaxon.trainer.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import jaxon.config.FloatType;
import jaxon.trainer.profile.Rooflines;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Time of causal attention, forward and backward, at one length.
///
/// @param engine who computed it
/// @param length tokens of a sequence
/// @param gflops work of 6 · B · H · S² · K operations (twice as much without a mask; what backward
///   computes again does not count) over the time
/// @param rooflineGflops rate of large matrix products of this type at about that time, 0 if it was
///   not measured
public record AttentionResult(
    String engine,
    FloatType dtype,
    long length,
    double seconds,
    double gflops,
    double rooflineGflops) {
  /// Width of a head.
  public static final long HEAD_DIM = 64;

  /// Heads of a sequence.
  public static final long HEADS = 8;

  /// The result of a median time over `tokens` tokens in sequences of `length`.
  public static AttentionResult of(
      String engine, FloatType dtype, long length, long tokens, double seconds) {
    double flops = 6.0 * tokens * length * HEADS * HEAD_DIM;
    return new AttentionResult(engine, dtype, length, seconds, flops / seconds / 1e9, 0);
  }

  /// The same, held against the rate of large matrix products.
  public AttentionResult against(Rooflines rooflines) {
    return new AttentionResult(engine, dtype, length, seconds, gflops, rooflines.gemmGflops(dtype));
  }

  /// One line of JSON.
  public String json() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("engine", engine);
    line.put("dtype", dtype.yamlName());
    line.put("length", length);
    line.put("seconds", seconds);
    line.put("gflops", gflops);
    line.put("gemm_roofline_gflops", rooflineGflops);
    return JsonMapper.shared().writeValueAsString(line);
  }

  /// Reads what [#json] wrote.
  public static AttentionResult parse(String json) {
    JsonNode line = JsonMapper.shared().readTree(json);
    return new AttentionResult(
        line.get("engine").asString(),
        FloatType.valueOf(line.get("dtype").asString().toUpperCase(Locale.ROOT)),
        line.get("length").asLong(),
        line.get("seconds").asDouble(),
        line.get("gflops").asDouble(),
        line.get("gemm_roofline_gflops").asDouble());
  }

  /// One row of a table.
  public String row() {
    return String.format(
        Locale.ROOT,
        "%-16s %-9s %6d %10.1f ms %9.1f GFLOP/s %5.1f %% of %.0f",
        engine,
        dtype.yamlName(),
        length,
        1e3 * seconds,
        gflops,
        100 * gflops / rooflineGflops,
        rooflineGflops);
  }
}
