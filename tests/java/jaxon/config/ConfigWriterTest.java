package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWriterTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @Test
  void theDefaultsLoadBack() throws IOException {
    assertLoadsBack(sandbox.defaults());
  }

  @Test
  void everyKindOfValueLoadsBack() throws IOException {
    assertLoadsBack(
        sandbox.defaults(
            "dataset_path=some dir/a: b #c",
            "dump_to=null.d",
            "mu_dtype=bfloat16",
            "mlp_activations=[gelu]",
            "train_data_columns=['a, b', on, '']",
            "learning_rate=1.2345678901234e-7",
            "adam_eps=4.9e-324",
            "gradient_clipping_threshold=1e300",
            "adam_weight_decay=-0",
            "rope_type=llama3.1",
            "init_weights_seed=-5",
            "packing=false"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on",
        "010",
        " padded ",
        "a: b",
        "# no comment",
        "say \"hi\" \\ 'ho'",
        "line\nbreak\ttab\r",
        "\u001b[31m\u0085\u2028\uFEFF",
        "über 東京 😀",
        "'single'x",
        "- a",
        "[a",
        "..."
      })
  void anyTextLoadsBack(String text) throws IOException {
    Configuration config = sandbox.defaults("prompt=" + text, "run_name=" + text);

    assertThat(config.eval().prompt()).isEqualTo(text);
    assertLoadsBack(config);
  }

  @Test
  void anOverriddenModelLoadsBack() throws IOException {
    sandbox.install("models/tiny.yml", "base_emb_dim: 64\n");

    assertLoadsBack(sandbox.defaults("model_name=tiny"));
    assertLoadsBack(
        sandbox.defaults("model_name=tiny", "base_emb_dim=32", "override_model_config=true"));
  }

  @Test
  void everyKeyHasItsDocumentationAbove() {
    assertThat(ConfigWriter.toYaml(sandbox.defaults()))
        .startsWith("# ---- run ----\n# Name of the run;")
        .contains("\n# Number of training steps (optimizer updates).\nsteps: 150001\n")
        .contains("\nmlp_activations: [silu, linear]\n")
        .contains("\nlearning_rate: 0.00003\n")
        .contains("\nadam_eps: 1.0e-8\n");
  }

  private void assertLoadsBack(Configuration config) throws IOException {
    sandbox.write("elsewhere/resolved.yml", ConfigWriter.toYaml(config));

    assertThat(sandbox.load("elsewhere/resolved")).isEqualTo(config);
  }
}
