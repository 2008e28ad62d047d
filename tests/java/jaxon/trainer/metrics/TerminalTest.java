package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TerminalTest {
  private static final PrintStream UTF_8 =
      new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
  private static final PrintStream ASCII =
      new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.US_ASCII);

  @Test
  void judgesByTheEnvironment() {
    assertThat(Terminal.of(UTF_8, true, Map.of("TERM", "xterm", "COLUMNS", "132")))
        .isEqualTo(new Terminal(UTF_8, true, true, true, 132));
    assertThat(Terminal.of(ASCII, true, Map.of("NO_COLOR", "1")))
        .isEqualTo(new Terminal(ASCII, true, false, false, 100));
    assertThat(Terminal.of(UTF_8, true, Map.of("NO_COLOR", "")).ansi()).isTrue();
    assertThat(Terminal.of(UTF_8, true, Map.of("TERM", "dumb")))
        .isEqualTo(new Terminal(UTF_8, false, false, true, 100));
    assertThat(Terminal.of(UTF_8, false, Map.of("TERM", "xterm")))
        .isEqualTo(new Terminal(UTF_8, false, false, true, 100));
  }

  @ParameterizedTest
  @CsvSource({"80,80", "0,100", "-5,100", "wide,100", "99999999999,100", "999999,1000", "'',100"})
  void widthIsSane(String columns, int width) {
    assertThat(Terminal.of(UTF_8, true, Map.of("COLUMNS", columns)).width()).isEqualTo(width);
  }
}
