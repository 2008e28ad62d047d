package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class JaxonTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpListsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: jaxon", "train");
  }

  @Test
  void versionNamesProgramAndJava() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("jaxon ").contains("Java " + Runtime.version());
  }

  @Test
  void unknownCommandIsAMistakeInUse() {
    assertThat(run("trian")).isEqualTo(2);
    assertThat(err.toString()).contains("'trian'", "Did you mean: jaxon train");
  }

  @Test
  void missingCommandIsAMistakeInUse() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Missing a command");
  }

  @Test
  void trainNeedsAConfiguration() {
    assertThat(run("train", "steps=10")).isEqualTo(2);
    assertThat(err.toString()).contains("--config=NAME");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--verbose", "10", "-x", "@file", "=3", "--=3"})
  void argumentThatIsNoOverrideIsAMistakeInUse(String argument) {
    assertThat(run("train", "--config=base.yml", argument)).isEqualTo(2);
    assertThat(err.toString()).contains(argument, "key=value");
  }

  private int run(String... arguments) {
    CommandLine jaxon = Jaxon.commandLine(false);
    jaxon.setOut(new PrintWriter(out, true));
    jaxon.setErr(new PrintWriter(err, true));
    return jaxon.execute(arguments);
  }
}
