package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The values that section records derive from their keys.
class SectionsTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @Test
  void metricsFile() {
    Path run = Path.of("/runs/a");

    assertThat(sandbox.defaults().metrics().metricsPath(run))
        .contains(run.resolve("metrics.jsonl"));
    assertThat(sandbox.defaults("metrics_file=off").metrics().metricsPath(run)).isEmpty();
    assertThat(sandbox.defaults("metrics_file=m").metrics().metricsPath(run))
        .contains(run.resolve("m"));
  }

  @Test
  void savedTensors() {
    assertThat(sandbox.defaults().remat().savedNames()).isEmpty();
    assertThat(sandbox.defaults("remat_policy=save_qkv_proj").remat().savedNames())
        .containsExactly("query_proj", "key_proj", "value_proj");
    assertThat(
            sandbox
                .defaults("remat_policy=custom", "mlpwi_1=device", "context=device")
                .remat()
                .savedNames())
        .containsExactly("context", "mlpwi_1");
  }

  @Test
  void meshSizesByAxis() {
    MeshConfig mesh =
        sandbox
            .defaults(
                "ici_tensor_parallelism=2", "ici_pipeline_parallelism=4", "num_virtual_devices=8")
            .mesh();

    assertThat(mesh.ici())
        .containsEntry("fsdp", -1)
        .containsEntry("tensor", 2)
        .containsEntry("stage", 4)
        .containsEntry("data", 1)
        .hasSize(12);
    assertThat(mesh.dcn()).containsEntry("data", -1).containsEntry("fsdp", 1).hasSize(12);
    assertThat(mesh.numVirtualDevices()).isEqualTo(8);
    assertThat(mesh.shardingTolerance()).isEqualTo(0.02);
  }

  @Test
  void sizesThatFollowOthers() {
    assertThat(sandbox.defaults("per_device_batch_size=3").data().evalBatchSize()).isEqualTo(3);
    assertThat(
            sandbox
                .defaults("per_device_batch_size=3", "eval_per_device_batch_size=4")
                .data()
                .evalBatchSize())
        .isEqualTo(4);
    assertThat(
            sandbox
                .defaults("per_device_batch_size=3", "gradient_accumulation_steps=4")
                .sequencesPerUpdate())
        .isEqualTo(12);
    assertThat(sandbox.defaults("steps=5", "learning_rate_schedule_steps=9").scheduleSteps())
        .isEqualTo(9);
    assertThat(sandbox.defaults("weight_dtype=float64").muDtype()).isEqualTo(FloatType.FLOAT64);
  }

  @Test
  void theLargestSizesAllowedDoNotOverflow() {
    Configuration config =
        sandbox.defaults(
            "base_emb_dim=1048576",
            "base_num_query_heads=65536",
            "base_num_kv_heads=65536",
            "base_mlp_dim=4194304",
            "base_num_decoder_layers=16384",
            "global_parameter_scale=1048576",
            "per_device_batch_size=65536",
            "gradient_accumulation_steps=16384");

    assertThat(config.model().embDim()).isEqualTo(1 << 27);
    assertThat(config.model().numQueryHeads()).isEqualTo(1 << 23);
    assertThat(config.model().mlpDim()).isEqualTo(1 << 29);
    assertThat(config.model().numDecoderLayers()).isEqualTo(1 << 20);
    assertThat(config.sequencesPerUpdate()).isEqualTo(1 << 30);
  }
}
