package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox =
        Sandbox.in(root)
            .install("models/tiny.yml", "base_emb_dim: 64\nnormalization_layer_epsilon: 1e-6\n")
            .install("base.yml", "base_emb_dim: 128\nsteps: 7\n");
  }

  @Test
  void setsTheShape() {
    Configuration config = sandbox.defaults("model_name=tiny");

    assertThat(config.model().baseEmbDim()).isEqualTo(64);
    assertThat(config.model().normalizationLayerEpsilon()).isEqualTo(1e-6);
    assertThat(config.model().baseMlpDim()).isEqualTo(7168);
  }

  @Test
  void winsOverFilesThatDidNotChooseIt() throws IOException {
    sandbox.write("mine.yml", "base_config: base.yml\nmodel_name: tiny\n");

    assertThat(sandbox.load("base", "model_name=tiny").model().baseEmbDim()).isEqualTo(64);
    assertThat(sandbox.load("mine").model().baseEmbDim()).isEqualTo(64);
    assertThat(sandbox.load("mine").run().steps()).isEqualTo(7);
  }

  @Test
  void isLockedAgainstTheCommandLine() {
    Problem problem = sandbox.problems("base", "base_emb_dim=32", "model_name=tiny").getFirst();

    assertThat(problem.toString())
        .isEqualTo(
            "base_emb_dim (command line): found 32, but the model has 64 ("
                + root.resolve("configs/models/tiny.yml")
                + ":1)\nRemove one of the two, or set override_model_config=true.");
  }

  @Test
  void isLockedAgainstTheEnvironmentAndTheFileThatChoosesIt() throws IOException {
    sandbox.write("mine.yml", "model_name: tiny\nbase_emb_dim: 32\n");

    assertThat(sandbox.problems("mine")).extracting(Problem::origin).containsExactly("mine.yml:2");
    assertThat(sandbox.with("JAXON_BASE_EMB_DIM", "32").problemsOfDefaults("model_name=tiny"))
        .extracting(Problem::origin)
        .containsExactly("environment JAXON_BASE_EMB_DIM");
  }

  @Test
  void isLockedAgainstFilesAboveTheOneThatChoosesIt() throws IOException {
    sandbox
        .write("low.yml", "model_name: tiny\n")
        .write("high.yml", "base_config: low.yml\nbase_emb_dim: 32\n");

    assertThat(sandbox.problems("high")).hasSize(1);
  }

  @Test
  void theSameValueIsNoContradiction() {
    Configuration config =
        sandbox.defaults(
            "model_name=tiny", "base_emb_dim=64", "normalization_layer_epsilon=0.000001");

    assertThat(config.model().baseEmbDim()).isEqualTo(64);
  }

  @Test
  void canBeOverriddenWhenAskedFor() {
    Configuration config =
        sandbox.load("base", "model_name=tiny", "base_emb_dim=32", "override_model_config=true");

    assertThat(config.model().baseEmbDim()).isEqualTo(32);
    assertThat(config.model().normalizationLayerEpsilon()).isEqualTo(1e-6);
  }

  @Test
  void problemsStandInTheOrderOfTheCommandLine() {
    List<Problem> problems =
        sandbox.problemsOfDefaults("foo_bar=1", "base_emb_dim=32", "model_name=tiny", "steps=x");

    assertThat(problems)
        .extracting(Problem::subject)
        .containsExactly("foo_bar", "base_emb_dim", "steps");
  }

  @Test
  void aBadValueAgainstTheModelIsReportedOnce() {
    assertThat(sandbox.problemsOfDefaults("model_name=tiny", "base_emb_dim=big"))
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("found big");
  }

  @Test
  void aBadModelFileIsReported() throws IOException {
    sandbox.install(
        "models/bad.yml", "base_emb_dim: big\nmodel_name: tiny\nbase_config: x\nfoo_bar: 1\n");

    assertThat(sandbox.problemsOfDefaults("model_name=bad"))
        .extracting(Problem::subject)
        .containsExactly("model_name", "base_config", "base_emb_dim", "foo_bar");
  }

  @Test
  void anUnknownModelIsToldWithThoseThereAre() {
    Problem problem = sandbox.problemsOfDefaults("model_name=tny").getFirst();

    assertThat(problem.message()).isEqualTo("there is no model tny");
    assertThat(problem.advice()).isEqualTo("Did you mean tiny? Available: tiny.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../base", "/etc/passwd", "..", "a b", "tiny.yml"})
  void aModelIsANameAndNoPath(String name) {
    assertThat(sandbox.problemsOfDefaults("model_name=" + name)).hasSize(1);
  }
}
