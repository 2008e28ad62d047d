package jaxon.checkpoint.huggingface;

import java.util.List;
import jaxon.checkpoint.CheckpointException;
import jaxon.config.RopeConfig;
import jaxon.config.RopeType;
import tools.jackson.databind.node.ObjectNode;

/// How rotary frequencies are stretched: `rope_scaling` of a `config.json`.
sealed interface RopeScaling {
  int MOST_POSITIONS = 1 << 30;

  /// Not at all.
  record None() implements RopeScaling {}

  /// All by one factor.
  record Linear(double factor) implements RopeScaling {}

  /// Those of long wavelengths, as Llama 3.1 does.
  record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalLength)
      implements RopeScaling {}

  /// What an object of a `config.json` says; its type is `rope_type`, in older files `type`.
  static RopeScaling read(ConfigFile object) {
    String type = object.text("rope_type", object.text("type", "default"));
    return switch (type) {
      case "default" -> new None();
      case "linear" -> {
        double factor = required(object, "factor");
        yield factor == 1 ? new None() : new Linear(factor);
      }
      case "llama3" -> {
        double low = required(object, "low_freq_factor");
        double high = required(object, "high_freq_factor");
        double factor = required(object, "factor");
        if (low >= high || factor < 1) {
          throw CheckpointException.usage(
              "%s: low_freq_factor must be below high_freq_factor and factor at least 1, found %s, %s and %s"
                  .formatted(object.place(), low, high, factor));
        }
        yield new Llama3(
            factor, low, high, object.size("original_max_position_embeddings", MOST_POSITIONS));
      }
      default ->
          throw object.wrong(
              object.has("rope_type") ? "rope_type" : "type", "default, linear or llama3");
    };
  }

  private static double required(ConfigFile object, String key) {
    if (!object.has(key)) {
      throw CheckpointException.usage("%s has no %s".formatted(object.place(), key));
    }
    return object.positive(key, 1);
  }

  /// What a configuration says.
  static RopeScaling of(RopeConfig rope) {
    if (rope.ropeType() == RopeType.LLAMA3_1) {
      if (rope.ropeLinearScalingFactor() != 1) {
        throw CheckpointException.usage(
            "rope_linear_scaling_factor together with rope_type llama3.1 cannot be said in a"
                + " Hugging Face config.json");
      }
      return new Llama3(
          rope.ropeFactor(),
          rope.ropeLowFreqFactor(),
          rope.ropeHighFreqFactor(),
          rope.originalMaxPositionEmbeddings());
    }
    return rope.ropeLinearScalingFactor() == 1
        ? new None()
        : new Linear(rope.ropeLinearScalingFactor());
  }

  /// The settings of a configuration that mean the same.
  default List<String> settings() {
    return switch (this) {
      case None _ -> List.of("rope_type=default", "rope_linear_scaling_factor=1");
      case Linear linear ->
          List.of("rope_type=default", "rope_linear_scaling_factor=" + linear.factor());
      case Llama3 llama ->
          List.of(
              "rope_type=llama3.1",
              "rope_linear_scaling_factor=1",
              "rope_factor=" + llama.factor(),
              "rope_low_freq_factor=" + llama.lowFreqFactor(),
              "rope_high_freq_factor=" + llama.highFreqFactor(),
              "original_max_position_embeddings=" + llama.originalLength());
    };
  }

  /// Writes `rope_scaling` into a `config.json`.
  default void write(ObjectNode config) {
    switch (this) {
      case None _ -> config.putNull("rope_scaling");
      case Linear linear ->
          config
              .putObject("rope_scaling")
              .put("factor", linear.factor())
              .put("rope_type", "linear");
      case Llama3 llama ->
          config
              .putObject("rope_scaling")
              .put("factor", llama.factor())
              .put("high_freq_factor", llama.highFreqFactor())
              .put("low_freq_factor", llama.lowFreqFactor())
              .put("original_max_position_embeddings", llama.originalLength())
              .put("rope_type", "llama3");
    }
  }
}
