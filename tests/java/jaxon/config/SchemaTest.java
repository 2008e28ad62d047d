package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaTest {

  @Test
  void keysAreTheComponentsInSnakeCase() {
    assertThat(Parameter.snakeCase("baseEmbDim")).isEqualTo("base_emb_dim");
    assertThat(Parameter.snakeCase("castLogitsToFp32")).isEqualTo("cast_logits_to_fp32");
    assertThat(Parameter.snakeCase("float32QkProduct")).isEqualTo("float32_qk_product");
    assertThat(Parameter.snakeCase("steps")).isEqualTo("steps");
    assertThat(Schema.find("mlpwi_0")).isPresent();
    assertThat(Schema.find("adam_b1")).isPresent();
  }

  @Test
  void everyDefaultIsAllowed() {
    ValueParser parser = new ValueParser(Path.of("/work"));

    for (Parameter parameter : Schema.parameters()) {
      assertThat(parser.defaultValue(parameter)).as(parameter.key()).isNotNull();
    }
  }

  @Test
  void everyKeyIsDocumentedInSentences() {
    for (Parameter parameter : Schema.parameters()) {
      assertThat(parameter.spec().doc())
          .as(parameter.key())
          .matches("(?s)([A-Z]|byte: |With ).*\\.");
      assertThat(parameter.spec().differs()).as(parameter.key()).doesNotEndWith(".");
    }
  }

  @Test
  void valuesNotDoneYetAreNotAmongTheAllowed() {
    for (Parameter parameter : Schema.parameters()) {
      assertThat(parameter.choices()).as(parameter.key()).noneMatch(parameter::isNotYet);
    }
  }

  @Test
  void keysThatMaxTextLacksAreOnlyThese() {
    List<String> own =
        Schema.parameters().stream()
            .map(Parameter::key)
            .filter(key -> !KnownKeys.isMaxText(key))
            .toList();

    assertThat(own)
        .containsExactly(
            "dump_to",
            "num_threads",
            "coordinator",
            "process_id",
            "num_processes",
            "network_interface",
            "rendezvous_timeout_seconds",
            "collective_timeout_seconds",
            "collective_transport",
            "rope_low_freq_factor",
            "rope_high_freq_factor",
            "num_virtual_devices",
            "overlap_collectives",
            "pipeline_schedule",
            "eval_dataset_path",
            "eval_split_fraction",
            "sample_length",
            "checkpoint_directory",
            "checkpoint_compression",
            "keep_checkpoints_every",
            "keep_checkpoints_best",
            "keep_checkpoints_metric",
            "keep_checkpoints_hours");
  }

  @Test
  void defaultsAreMaxTexts() {
    Configuration config =
        new ConfigLoader(Path.of("/w"), Path.of("/c"), Map.of()).loadDefaults(List.of());

    assertThat(config.run().steps()).isEqualTo(150_001);
    assertThat(config.run().dtype()).isEqualTo(FloatType.BFLOAT16);
    assertThat(config.run().baseOutputDirectory()).isEqualTo(Path.of("/w/out"));
    assertThat(config.model().baseEmbDim()).isEqualTo(2048);
    assertThat(config.model().mlpActivations()).containsExactly(Activation.SILU, Activation.LINEAR);
    assertThat(config.model().normalizationLayerEpsilon()).isEqualTo(1e-5);
    assertThat(config.remat().rematPolicy()).isEqualTo(RematPolicy.FULL);
    assertThat(config.data().perDeviceBatchSize()).isEqualTo(12);
    assertThat(config.data().trainDataColumns()).containsExactly("text");
    assertThat(config.data().datasetPath()).isEmpty();
    assertThat(config.optimizer().muDtype()).isEqualTo(Optional.empty());
    assertThat(config.muDtype()).isEqualTo(FloatType.FLOAT32);
    assertThat(config.schedule().learningRate()).isEqualTo(3e-5);
    assertThat(config.scheduleSteps()).isEqualTo(150_001);
    assertThat(config.eval().prompt()).isEqualTo("I love to");
  }

  @Test
  void namesAllMaxTextKeys() {
    assertThat(KnownKeys.isMaxText("ici_fsdp_parallelism")).isTrue();
    assertThat(KnownKeys.isMaxText("elastic_min_slice_count")).isTrue();
    assertThat(KnownKeys.isMaxText("run_name")).isTrue();
    assertThat(KnownKeys.isMaxText("# Elastic")).isFalse();
    assertThat(KnownKeys.isMaxText("foo")).isFalse();
  }
}
