package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Finding files by name, and building one on another.
class FilesTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @Test
  void theWorkingDirectoryComesBeforeTheConfigsDirectory() throws IOException {
    sandbox.install("a.yml", "steps: 1");
    assertThat(sandbox.load("a").run().steps()).isEqualTo(1);
    assertThat(sandbox.load("a.yml").run().steps()).isEqualTo(1);

    sandbox.write("a.yml", "steps: 2");
    assertThat(sandbox.load("a").run().steps()).isEqualTo(2);
    assertThat(sandbox.load("a.yml").run().steps()).isEqualTo(2);
    assertThat(sandbox.load(root.resolve("configs/a").toString()).run().steps()).isEqualTo(1);
  }

  @Test
  void aDirectoryIsNoFile() throws IOException {
    sandbox.install("base.yml", "steps: 1");
    Files.createDirectory(sandbox.work().resolve("base"));

    assertThat(sandbox.load("base").run().steps()).isEqualTo(1);
  }

  @Test
  void aMissingFileTellsWhereItWasLookedForAndWhatThereIs() throws IOException {
    sandbox.install("base.yml", "").install("other.yml", "");

    Problem problem = sandbox.problems("bsae").getFirst();

    assertThat(problem.message()).isEqualTo("there is no such file");
    assertThat(problem.advice())
        .startsWith("Did you mean base?\nLooked for:\n")
        .contains(
            root.resolve("work/bsae").toString(),
            root.resolve("work/bsae.yml").toString(),
            root.resolve("configs/bsae").toString(),
            root.resolve("configs/bsae.yml").toString())
        .endsWith("Available in " + root.resolve("configs") + ": base, other.");
  }

  @Test
  void theEmptyNameIsNoFile() {
    assertThat(sandbox.problems("").getFirst().message()).isEqualTo("there is no such file");
  }

  @Test
  void baseFilesAreReadFirst() throws IOException {
    sandbox
        .write("sub/a.yml", "steps: 1\nlog_period: 1\nnum_epoch: 1\n")
        .write("sub/b.yml", "base_config: a.yml\nlog_period: 2\nnum_epoch: 2\n")
        .write("c.yml", "num_epoch: 3\nbase_config: sub/b\n");

    Configuration config = sandbox.load("c");

    assertThat(config.run().steps()).isEqualTo(1);
    assertThat(config.run().logPeriod()).isEqualTo(2);
    assertThat(config.data().numEpoch()).isEqualTo(3);
  }

  @Test
  void circlesAreFound() throws IOException {
    sandbox
        .write("a.yml", "base_config: b.yml\n")
        .write("b.yml", "steps: 1\nbase_config: ./sub/../a.yml\n");

    Problem problem = sandbox.problems("a").getFirst();

    assertThat(problem.origin()).isEqualTo("b.yml:2");
    assertThat(problem.message()).endsWith("in a circle: a.yml -> b.yml -> a.yml");
  }

  @Test
  void aMissingBaseFileIsToldWithItsLine() throws IOException {
    sandbox.write("a.yml", "steps: 1\nbase_config: nowhere\n");

    List<Problem> problems = sandbox.problems("a");

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().subject()).isEqualTo("base_config");
    assertThat(problems.getFirst().origin()).isEqualTo("a.yml:2");
  }

  @Test
  void aBaseFileIsOneName() throws IOException {
    sandbox.write("a.yml", "base_config: [b, c]\n");

    assertThat(sandbox.problems("a")).hasSize(1);
  }

  @Test
  void baseConfigIsForFilesOnly() {
    assertThat(sandbox.problemsOfDefaults("base_config=a", "config=a"))
        .extracting(Problem::advice)
        .containsOnly("Choose the file with --config=NAME.");
  }
}
