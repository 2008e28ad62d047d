package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
  private static final String OPEN = "\r\u001b[?7l";
  private static final String SHUT = "\u001b[K\u001b[?7h";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
  private long nanos = -50;

  @Test
  void drawsOverOneLineOnATerminal() {
    ProgressBar bar = bar(true, true, true, 80);
    bar.update(at(120));
    assertThat(text())
        .isEqualTo(
            OPEN
                + " 120/1000 "
                + filled(1, 13)
                + " 12%  loss 3.2145  1.2k tok/s  845 ms/step  12m 24s left"
                + SHUT);
  }

  @Test
  void drawsAtMostTenTimesASecondButAlwaysTheLastStep() {
    ProgressBar bar = bar(true, false, false, 100);
    bar.update(at(1));
    assertThat(text()).startsWith("\r   1/1000 ");
    nanos += 99_999_999;
    bar.update(at(2));
    assertThat(text()).isEmpty();
    nanos += 1;
    bar.update(at(3));
    assertThat(text()).startsWith("\r   3/1000 ");
    bar.update(at(1000));
    assertThat(text())
        .isEqualTo(
            "\r1000/1000 "
                + "#".repeat(37)
                + " 100%  loss 3.2145  1.2k tok/s  845 ms/step  0s left");
    bar.close();
    assertThat(text()).isEqualTo(System.lineSeparator());
  }

  @Test
  void aNarrowTerminalLosesTheBarThenTheEnd() {
    ProgressBar bar = bar(true, false, true, 64);
    bar.update(at(120));
    assertThat(text())
        .isEqualTo("\r 120/1000 12%  loss 3.2145  1.2k tok/s  845 ms/step  12m 24s le");
    ProgressBar tiny = bar(true, false, true, 1);
    tiny.update(at(120));
    assertThat(text()).isEqualTo("\r ");
  }

  @Test
  void aShorterLineWipesTheRestOfALongerOne() {
    ProgressBar bar = bar(true, false, false, 60);
    bar.update(new Progress(1, 3, 1, 100));
    int before = text().length();
    nanos += 1_000_000_000;
    bar.update(new Progress(2, 3, 1, 0.001));
    assertThat(text()).hasSize(before).endsWith("1s left   ");
  }

  @Test
  void textGoesAboveTheBar() {
    ProgressBar bar = bar(true, true, true, 40);
    bar.println("before the first step");
    assertThat(text()).isEqualTo("before the first step" + System.lineSeparator());
    bar.update(at(1));
    String drawn = text();
    bar.println("saved");
    assertThat(text()).isEqualTo("\r\u001b[Ksaved" + System.lineSeparator() + drawn);
    bar.close();
    text();
    bar.println("after");
    assertThat(text()).isEqualTo("after" + System.lineSeparator());
  }

  @Test
  void withoutEscapesTextIsPrintedOverSpaces() {
    ProgressBar bar = bar(true, false, false, 21);
    bar.update(at(1));
    assertThat(text()).isEqualTo("\r   1/1000 0%  loss 3");
    bar.println("saved");
    assertThat(text())
        .isEqualTo(
            "\r" + " ".repeat(20) + "\rsaved" + System.lineSeparator() + "\r   1/1000 0%  loss 3");
  }

  @Test
  void printsPlainLinesElsewhere() {
    ProgressBar bar = bar(false, false, true, 100);
    for (int step = 1; step <= 25; step++) {
      bar.update(at(step));
    }
    bar.println("stopped");
    bar.close();
    bar.close();
    assertThat(text().lines())
        .containsExactly(
            "step 1/1000 (0%)  loss 3.2145  1.2k tok/s  845 ms/step  14m 04s left",
            "step 10/1000 (1%)  loss 3.2145  1.2k tok/s  845 ms/step  13m 57s left",
            "step 20/1000 (2%)  loss 3.2145  1.2k tok/s  845 ms/step  13m 48s left",
            "stopped",
            "step 25/1000 (2%)  loss 3.2145  1.2k tok/s  845 ms/step  13m 44s left");
  }

  @Test
  void theLastStepIsPrintedOnce() {
    ProgressBar bar = new ProgressBar(new Terminal(out, false, false, true, 100), 2, 1, () -> 0);
    bar.update(new Progress(1, Double.NaN, Double.NaN, Double.NaN));
    bar.update(new Progress(2, 1, 1, 1));
    bar.close();
    assertThat(text().lines())
        .containsExactly(
            "step 1/2 (50%)  loss NaN  -- tok/s  --/step  -- left",
            "step 2/2 (100%)  loss 1.0000  1 tok/s  1.00 s/step  0s left");
  }

  @Test
  void nothingIsPrintedForARunWithoutSteps() {
    bar(true, true, true, 80).close();
    assertThat(text()).isEmpty();
  }

  @Test
  void rejectsNonsense() {
    Terminal terminal = new Terminal(out, true, true, true, 80);
    assertThatThrownBy(() -> new ProgressBar(terminal, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ProgressBar(terminal, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    ProgressBar bar = new ProgressBar(terminal, 1, 1);
    bar.close();
    assertThatThrownBy(() -> bar.update(at(1))).isInstanceOf(IllegalStateException.class);
  }

  private ProgressBar bar(boolean redraws, boolean ansi, boolean unicode, int width) {
    return new ProgressBar(new Terminal(out, redraws, ansi, unicode, width), 1000, 10, () -> nanos);
  }

  private static Progress at(long completed) {
    return new Progress(completed, 3.21449, 1234, 0.845);
  }

  private static String filled(int full, int room) {
    return "\u001b[32m" + "█".repeat(full) + "\u001b[0m" + "░".repeat(room - full);
  }

  /// What was printed since the last call.
  private String text() {
    out.flush();
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }
}
