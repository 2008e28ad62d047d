package jaxon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import jaxon.config.ConfigException;
import jaxon.config.ConfigLoader;
import jaxon.input.source.InputException;
import jaxon.runtime.BackendUnavailableException;
import jaxon.runtime.Backends;
import jaxon.runtime.CompileException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureReportTest {
  private final StringWriter err = new StringWriter();

  @Test
  void mistakeInTheConfigurationIsItsMessage() {
    ConfigException mistake = configMistake();
    assertThat(run(mistake, false)).isEqualTo(2);
    assertThat(err.toString().stripTrailing()).isEqualTo(mistake.getMessage());
  }

  @Test
  void mistakeInTheDataIsItsMessage() {
    assertThat(run(new InputException("data.txt ends early"), false)).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly("data.txt ends early");
  }

  @Test
  void absentBackendIsItsMessage() {
    RuntimeException absent =
        catchThrowableOfType(BackendUnavailableException.class, () -> Backends.open("abacus"));
    assertThat(run(absent, false)).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("hardware: abacus is not in this build, which has [");
  }

  @Test
  void refusedProgramIsItsMessage() {
    assertThat(run(new CompileException("xla", "program 'step': no"), false)).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("xla: program 'step': no");
  }

  @Test
  void otherFailureIsOneLineAndAWayToLearnMore() {
    assertThat(run(new IllegalStateException("first\nsecond"), false)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "java.lang.IllegalStateException: first",
            "Run with JAXON_DEBUG=1 for the stack trace.");
  }

  @Test
  void debugShowsTheStackTrace() {
    assertThat(run(configMistake(), true)).isEqualTo(2);
    assertThat(err.toString()).contains("\tat jaxon.cli.FailureReportTest");
  }

  private static ConfigException configMistake() {
    ConfigLoader loader = new ConfigLoader(Path.of(""), Path.of("configs"), Map.of());
    return catchThrowableOfType(
        ConfigException.class, () -> loader.loadDefaults(List.of("steps=ten")));
  }

  private int run(RuntimeException failure, boolean debug) {
    return new CommandLine(new Failing(failure))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(new FailureReport(debug))
        .execute();
  }

  @Command
  private record Failing(RuntimeException failure) implements Callable<Integer> {
    @Override
    public Integer call() {
      throw failure;
    }
  }
}
