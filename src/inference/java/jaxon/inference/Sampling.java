package jaxon.inference;

import jaxon.config.Configuration;
import jaxon.config.EvalConfig;
import jaxon.config.SamplingStrategy;

/// How tokens are drawn; see `decode_sampling_strategy`.
///
/// @param temperature what logits are divided by; above 0 unless the strategy is greedy
/// @param topK at least 1 where the strategy has it
/// @param nucleusP in (0, 1] where the strategy has it
/// @param seed tokens drawn from the same logits with the same seed are the same
public record Sampling(
    SamplingStrategy strategy, double temperature, int topK, double nucleusP, long seed) {
  public Sampling {
    boolean fits =
        strategy == SamplingStrategy.GREEDY
            || (temperature > 0
                && (!strategy.hasTopK() || topK >= 1)
                && (!strategy.hasNucleus() || (nucleusP > 0 && nucleusP <= 1)));
    if (!fits) {
      throw new IllegalArgumentException(
          "%s sampling with temperature %s, top k %d and nucleus p %s"
              .formatted(strategy.yamlName(), temperature, topK, nucleusP));
    }
  }

  /// As the configuration says.
  public static Sampling of(Configuration config, long seed) {
    EvalConfig keys = config.eval();
    return new Sampling(
        keys.decodeSamplingStrategy(),
        keys.decodeSamplingTemperature(),
        keys.decodeSamplingTopK(),
        keys.decodeSamplingNucleusP(),
        seed);
  }
}
