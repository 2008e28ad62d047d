package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @Test
  void dashesMayStandBefore() {
    assertThat(sandbox.defaults("--steps=3").run().steps()).isEqualTo(3);
  }

  @Test
  void theLastOneWins() {
    assertThat(sandbox.defaults("steps=3", "steps=4").run().steps()).isEqualTo(4);
  }

  @Test
  void theFirstEqualsSignEndsTheKey() {
    assertThat(sandbox.defaults("prompt=a=b # c").eval().prompt()).isEqualTo("a=b # c");
  }

  @Test
  void whatIsNoAssignmentIsExplained() {
    assertThat(sandbox.problemsOfDefaults("--steps", "10", "base.yml", "=3", ""))
        .extracting(Problem::advice)
        .containsExactly(
            "Write steps=VALUE, without spaces.",
            "Write for example steps=100, without spaces.",
            "Choose the file with --config=base.yml.",
            "Write for example steps=100, without spaces.",
            "Write for example steps=100, without spaces.");
  }

  @Test
  void theEnvironmentIsReadByPrefix() {
    assertThat(sandbox.with("JAXON_MLPWI_0", "device").defaults().remat().mlpwi0())
        .isEqualTo(TensorPlacement.DEVICE);
    assertThat(sandbox.with("STEPS", "1").defaults()).isEqualTo(sandbox.defaults());
    assertThat(sandbox.with("JAXON_DEBUG", "1").defaults()).isEqualTo(sandbox.defaults());
    assertThat(sandbox.with("JAXON_PROFILES", "xla").defaults()).isEqualTo(sandbox.defaults());
  }

  @Test
  void aMisspeltVariableIsAProblem() {
    assertThat(sandbox.with("JAXON_STESP", "1").problemsOfDefaults())
        .singleElement()
        .hasToString("stesp (environment JAXON_STESP): there is no such key\nDid you mean steps?");
  }
}
