package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ResultTableTest {
  private final ResultTable table =
      new ResultTable()
          .loss("final loss", 3.21449)
          .number("perplexity", 12345.678)
          .count("throughput", 1234, "tok/s")
          .time("wall time", 100)
          .text("größe", "out/run\n\u001b[1m");

  @Test
  void framesWithAscii() {
    assertThat(table.render(false))
        .isEqualTo(
            """
            +------------+--------------+
            | metric     | value        |
            +------------+--------------+
            | final loss | 3.2145       |
            | perplexity | 12,345.68    |
            | throughput | 1.2k tok/s   |
            | wall time  | 1m 40s       |
            | größe      | out/run  [1m |
            +------------+--------------+
            """);
  }

  @Test
  void framesWithBoxCharactersWhereTheyCanBeShown() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    new ResultTable().text("checkpoint", "out/5").print(new Terminal(out, true, true, true, 80));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            ┌────────────┬───────┐
            │ metric     │ value │
            ├────────────┼───────┤
            │ checkpoint │ out/5 │
            └────────────┴───────┘
            """);
  }
}
