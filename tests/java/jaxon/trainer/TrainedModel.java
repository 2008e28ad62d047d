package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import jaxon.config.Configuration;
import jaxon.graph.type.Literal;
import jaxon.trainer.metrics.MetricNames;

/// What a training without files gave.
///
/// @param losses one for each step
/// @param params the parameters after the last step, by path
record TrainedModel(List<Double> losses, SequencedMap<String, Literal> params) {
  /// A Llama of two layers with a window of twelve tokens.
  static final List<String> SHAPE =
      List.of(
          "base_num_decoder_layers=2",
          "base_emb_dim=32",
          "base_num_query_heads=4",
          "base_num_kv_heads=2",
          "head_dim=8",
          "base_mlp_dim=48",
          "max_target_length=12");

  /// How it learns [TinyRun#PERIODIC] in fifty steps.
  private static final String[] SMALL = {
    "per_device_batch_size=2",
    "z_loss_multiplier=0.0001",
    "learning_rate=3e-3",
    "warmup_steps_fraction=0.1",
    "steps=50"
  };

  /// Trains the small model, changed by `overrides`, on the backend `hardware`.
  static TrainedModel train(Path place, String hardware, String... overrides) {
    List<String> all = new ArrayList<>(SHAPE);
    all.addAll(List.of(SMALL));
    all.addAll(List.of(overrides));
    all.add("hardware=" + hardware);
    return train(TinyRun.config(place, all.toArray(String[]::new)));
  }

  private static TrainedModel train(Configuration config) {
    List<Double> losses = new ArrayList<>();
    try (TrainingSession session = TrainingSession.open(config)) {
      for (int step = 0; step < config.run().steps(); step++) {
        losses.add(session.step().get(MetricNames.LOSS));
      }
      return new TrainedModel(losses, session.params());
    }
  }

  /// Fails unless the loss has come down far, so that the steps compared are steps of learning.
  void assertLearns() {
    assertThat(losses.getLast()).as("it learns").isLessThan(0.5 * losses.getFirst());
  }

  /// Fails unless every loss is that of a run on the backend `other`, but for `tolerance` of it.
  void assertLosses(String other, TrainedModel expected, double tolerance) {
    assertThat(losses).hasSameSizeAs(expected.losses);
    for (int step = 0; step < losses.size(); step++) {
      double loss = expected.losses.get(step);
      assertThat(losses.get(step))
          .as("loss of step %d, compared with %s", step, other)
          .isCloseTo(loss, within(tolerance * loss));
    }
  }
}
