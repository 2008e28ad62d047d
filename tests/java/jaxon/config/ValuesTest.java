package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The types of values, and the traps of YAML 1.1 among them.
class ValuesTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @ParameterizedTest
  @ValueSource(strings = {"010", "12:30", "on", "1e3", "2026-11-21", "0x1F", "true", "a: b", "'q'"})
  void textStaysAsItIsWritten(String text) throws IOException {
    String expected = text.equals("'q'") ? "q" : text;

    assertThat(sandbox.defaults("run_name=" + text).run().runName()).isEqualTo(expected);
    assertThat(sandbox.with("JAXON_RUN_NAME", text).defaults().run().runName()).isEqualTo(expected);
    if (!text.contains(": ")) {
      sandbox.write("t.yml", "run_name: " + text);
      assertThat(sandbox.load("t").run().runName()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "~"})
  void textCanBeEmpty(String text) throws IOException {
    sandbox.write("t.yml", "run_name: " + text + "\ndataset_path: " + text);

    assertThat(sandbox.load("t").run().runName()).isEmpty();
    assertThat(sandbox.load("t").data().datasetPath()).isEmpty();
    assertThat(sandbox.defaults("prompt=" + text).eval().prompt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"12,12", "1_000,1000", "12.0,12", "+7,7", "2147483647,2147483647"})
  void wholeNumbers(String text, int expected) {
    assertThat(sandbox.defaults("steps=" + text).run().steps()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "1.5",
        "1e3",
        "010",
        "0x10",
        "12:30",
        "ten",
        "2147483648",
        "-1",
        "[1]",
        "{a: 1}",
        "'12'",
        "\"12\"",
        "1 2",
        "99999999999999999999999999999999999999999999999999",
        "NaN"
      })
  void notWholeNumbers(String text) {
    assertThat(sandbox.problemsOfDefaults("steps=" + text))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.subject()).isEqualTo("steps");
          assertThat(problem.message()).startsWith("found ");
          assertThat(problem.advice()).startsWith("Allowed: a whole number, at least 0.");
        });
  }

  @ParameterizedTest
  @CsvSource({"3e-4,3e-4", "1.e-5,1e-5", ".5,0.5", "1,1", "1_0.5,10.5", "2E2,200", "-0,0"})
  void numbers(String text, double expected) {
    assertThat(sandbox.defaults("learning_rate=" + text).schedule().learningRate())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {".inf", ".nan", "NaN", "1e999", "fast", "1e", ".", "012", "-1e-9", "1,5"})
  void notNumbers(String text) {
    assertThat(sandbox.problemsOfDefaults("learning_rate=" + text))
        .singleElement()
        .extracting(Problem::advice)
        .asString()
        .startsWith("Allowed: a number, at least 0.");
  }

  @Test
  void boundsAreChecked() {
    assertThat(sandbox.defaults("adam_b1=0.99").optimizer().adamB1()).isEqualTo(0.99);
    assertThat(sandbox.problemsOfDefaults("adam_b1=1").getFirst().advice())
        .isEqualTo("Allowed: a number, at least 0, below 1.");
    assertThat(sandbox.problemsOfDefaults("warmup_steps_fraction=1.1").getFirst().advice())
        .isEqualTo("Allowed: a number from 0 to 1.");
    assertThat(sandbox.problemsOfDefaults("eval_interval=0").getFirst().advice())
        .isEqualTo("Allowed: a whole number, at least 1, or -1 (never).");
    assertThat(sandbox.defaults("eval_interval=-1").eval().evalInterval()).isEqualTo(-1);
  }

  @Test
  void devicesMayShareSequences() {
    assertThat(
            sandbox
                .defaults("per_device_batch_size=0.5", "num_virtual_devices=4")
                .sequencesPerUpdate())
        .isEqualTo(2);
    assertThat(
            sandbox
                .defaults("eval_per_device_batch_size=0.3333333", "num_virtual_devices=3")
                .sequencesPerEvaluation())
        .isEqualTo(1);
    for (String keys : List.of("per_device_batch_size=0.5", "eval_per_device_batch_size=1.5")) {
      assertThat(sandbox.problemsOfDefaults(keys, "num_virtual_devices=1"))
          .singleElement()
          .satisfies(problem ->
              assertThat(problem.message()).contains("1 devices make", "no whole number"));
    }
    assertThat(sandbox.problemsOfDefaults("per_device_batch_size=0").getFirst().advice())
        .contains("Allowed: a number");
  }

  @ParameterizedTest
  @CsvSource({"true,true", "True,true", "FALSE,false"})
  void truthValues(String text, boolean expected) {
    assertThat(sandbox.defaults("packing=" + text).data().packing()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "on", "1", "", "tRue", "'true'", "no", "off"})
  void notTruthValues(String text) {
    assertThat(sandbox.problemsOfDefaults("packing=" + text))
        .singleElement()
        .extracting(Problem::advice)
        .asString()
        .startsWith("Allowed: true or false.");
  }

  @Test
  void listsAreWrittenInBrackets() throws IOException {
    sandbox.write("t.yml", "mlp_activations:\n- gelu\n- linear\ntrain_data_columns: [on, 010]\n");

    assertThat(sandbox.load("t").model().mlpActivations())
        .containsExactly(Activation.GELU, Activation.LINEAR);
    assertThat(sandbox.load("t").data().trainDataColumns()).containsExactly("on", "010");
    assertThat(sandbox.defaults("mlp_activations=['relu']").model().mlpActivations())
        .containsExactly(Activation.RELU);
  }

  @ParameterizedTest
  @ValueSource(strings = {"silu", "[]", "[silu, swish]", "[[silu]]", "", "[silu", "{silu: 1}"})
  void notLists(String text) {
    assertThat(sandbox.problemsOfDefaults("mlp_activations=" + text))
        .singleElement()
        .extracting(Problem::advice)
        .asString()
        .startsWith("Allowed: a list such as [silu, linear], of one of gelu, relu, silu, linear.");
  }

  @Test
  void choicesHaveTheirNamesInYaml() {
    assertThat(sandbox.defaults("rope_type=llama3.1").rope().ropeType())
        .isEqualTo(RopeType.LLAMA3_1);
    assertThat(sandbox.defaults("mu_dtype=bfloat16").muDtype()).isEqualTo(FloatType.BFLOAT16);
    assertThat(sandbox.problemsOfDefaults("rope_type=LLAMA3_1")).hasSize(1);
    assertThat(sandbox.problemsOfDefaults("hardware=nd4")).hasSize(1);
    assertThat(sandbox.problemsOfDefaults("decoder_layer_input=remat").getFirst().advice())
        .isEqualTo("Allowed: only device.");
  }

  @Test
  void pathsMayStartAtHome() {
    Path home = Path.of(System.getProperty("user.home"));

    assertThat(sandbox.defaults("dataset_path=~/a").data().datasetPath())
        .isEqualTo(Optional.of(home.resolve("a").toAbsolutePath().normalize()));
  }

  @Test
  void pathsAreLocal() {
    assertThat(sandbox.problemsOfDefaults("base_output_directory=gs://bucket/a"))
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("found the address gs://bucket/a");
  }

  @Test
  void aRequiredPathIsNotEmpty() {
    assertThat(sandbox.problemsOfDefaults("base_output_directory=")).hasSize(1);
  }
}
