package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kind of bad file gives problems with a place, and nothing but a [ConfigException].
class HostileYamlTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "steps: [1",
        "steps: 1\n  log_period: 2",
        "\tsteps: 1",
        "steps: *nowhere",
        "a: 1\n---\nb: 2",
        "%FOO\nsteps: 1",
        "steps: \"\\xZZ\"",
        "\u0007: 1",
        "- steps",
        "just text",
        "!!python/object:os.system ls",
        "!!map [a]",
        "steps: !!javax.script.ScriptEngineManager [!!java.net.URL [http://localhost]]",
        "steps: !!python/object:os.system ls",
        "? [a, b]\n: 1",
        "? {a: b}\n: 1"
      })
  void badFilesAreRefusedWithAPlace(String text) throws IOException {
    sandbox.write("bad.yml", text);

    assertThat(sandbox.problems("bad"))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem.subject()).startsWith("bad.yml"));
  }

  @Test
  void theLineOfASyntaxErrorIsTold() throws IOException {
    sandbox.write("bad.yml", "steps: 1\nlog_period: 1\nnum_epoch: ]\n");

    assertThat(sandbox.problems("bad").getFirst().subject()).isEqualTo("bad.yml:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps: !mine 3", "steps: {a: 1}", "steps: [[[1]]]", "steps: &a [*a]"})
  void valuesOfOtherKindsAreRefused(String text) throws IOException {
    sandbox.write("bad.yml", text);

    assertThat(sandbox.problems("bad"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.subject()).isEqualTo("steps");
          assertThat(problem.origin()).isEqualTo("bad.yml:1");
        });
  }

  @Test
  void mergeKeysAreNoKeys() throws IOException {
    sandbox.write("bad.yml", "<<: {steps: 1}\n");

    assertThat(sandbox.problems("bad").getFirst().subject()).isEqualTo("<<");
  }

  @Test
  void aliasesCannotBlowUp() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    sandbox.write("bomb.yml", bomb.toString());

    assertThat(sandbox.problems("bomb").getFirst().message()).contains("aliases");
  }

  @Test
  void nestingIsBounded() throws IOException {
    sandbox.write("deep.yml", "a: " + "[".repeat(100_000));

    assertThat(sandbox.problems("deep").getFirst().message()).contains("Nesting");
  }

  @Test
  void sizeIsBounded() throws IOException {
    sandbox.write("big.yml", "a: " + "x".repeat(1 << 20));

    assertThat(sandbox.problems("big").getFirst().message()).contains("at most 1048576");
  }

  @Test
  void theNumberOfKeysIsBounded() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      many.append("lerning_rate").append(i).append(": 1\n");
    }
    sandbox.write("many.yml", many.toString());

    assertThat(sandbox.problems("many").getFirst().message()).contains("3000 keys");
  }

  @Test
  void bytesMustBeUtf8() throws IOException {
    Files.write(sandbox.work().resolve("bad.yml"), new byte[] {'a', ':', ' ', (byte) 0xff});

    assertThat(sandbox.problems("bad").getFirst().message())
        .isEqualTo("the file is not UTF-8 text");
  }

  @Test
  void keysStandOnlyOnce() throws IOException {
    sandbox.write("twice.yml", "steps: 1\nlog_period: 1\nsteps: 2\n");

    Problem problem = sandbox.problems("twice").getFirst();

    assertThat(problem.toString())
        .isEqualTo(
            "steps (twice.yml:3): the key stands already in line 1\nKeep one of the two lines.");
  }

  @Test
  void yamlTrapsAsKeysAreUnknownKeys() throws IOException {
    sandbox.write("traps.yml", "on: 1\n12:30: 2\n010: 3\nnull: 4\n");

    assertThat(sandbox.problems("traps"))
        .extracting(Problem::subject)
        .containsExactly("on", "12:30", "010", "null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "null\n", "\uFEFFlog_period: 100\n"})
  void emptyFilesAreFine(String text) throws IOException {
    sandbox.write("empty.yml", text);

    assertThat(sandbox.load("empty")).isEqualTo(sandbox.defaults());
  }

  @Test
  void textFromOutsideCannotDriveTheTerminal() throws IOException {
    sandbox.write("esc.yml", "\"\\e[31mred\": 1\nsteps: \"\\e]0;x\\a\\u202e\"\n");

    List<Problem> problems = sandbox.problems("esc");

    assertThat(problems).hasSize(2);
    assertThat(problems.toString()).doesNotContain("\u001b", "\u0007", "\u202e");
    assertThat(problems.getFirst().subject()).isEqualTo("\\u001b[31mred");
  }

  @Test
  void longTextIsCut() {
    Problem problem = sandbox.problemsOfDefaults("steps=" + "9".repeat(10_000)).getFirst();

    assertThat(problem.toString()).hasSizeLessThan(200).contains("…");
  }

  @Test
  void nulIsNoText() throws IOException {
    sandbox.write(
        "nul.yml", "run_name: \"a\\0b\"\ndataset_path: \"a\\0b\"\nbase_config: \"\\0\"\n");

    assertThat(sandbox.problems("nul")).hasSize(3);
  }
}
