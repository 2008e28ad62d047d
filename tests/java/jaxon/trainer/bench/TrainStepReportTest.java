package jaxon.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalLong;
import jaxon.config.FloatType;
import jaxon.trainer.MemoryForecast;
import jaxon.trainer.profile.Rooflines;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainStepReportTest {
  private static final TrainStepResult RESULT =
      new TrainStepResult(
          "bench/model_a.yml",
          "cpu:0",
          FloatType.BFLOAT16,
          2,
          1_000,
          4_096,
          8e11,
          new Spread(2, 1.5, 3),
          10.5,
          9.25,
          new Rooflines(500, 1000, 58),
          0.01,
          OptionalLong.of(1L << 30),
          new MemoryForecast(
              1L << 28, 1L << 28, 0, 0, 0, 0, OptionalLong.of(1L << 29), OptionalLong.empty()),
          OptionalLong.of(500L << 20),
          4.5,
          1_234,
          0,
          List.of("busy"));

  @Test
  void jsonIsOneLineWithEveryNumber() {
    String json = TrainStepReport.json(RESULT);
    assertThat(json.lines()).hasSize(1);
    JsonNode line = JsonMapper.shared().readTree(json);
    assertThat(line.get("config").asString()).isEqualTo("bench/model_a.yml");
    assertThat(line.get("dtype").asString()).isEqualTo("bfloat16");
    assertThat(line.get("tokens_per_second").asDouble()).isEqualTo(2048);
    assertThat(line.get("model_gflops").asDouble()).isEqualTo(400);
    assertThat(line.get("gemm_roofline_gflops").asDouble()).isEqualTo(1000);
    assertThat(line.get("roofline_fraction").asDouble()).isCloseTo(0.4, within(1e-12));
    assertThat(line.get("copy_bandwidth_gbs").asDouble()).isEqualTo(58);
    assertThat(line.get("peak_memory_bytes").asLong()).isEqualTo(1L << 30);
    assertThat(line.get("time_to_first_step_seconds").asDouble()).isEqualTo(4.5);
    assertThat(line.get("predicted_device_bytes").asLong()).isEqualTo(1L << 29);
    assertThat(line.get("device_peak_bytes").asLong()).isEqualTo(500L << 20);
    assertThat(line.get("predicted_memory_bytes").asLong()).isEqualTo(1120L << 20);
    assertThat(line.get("warnings").get(0).asString()).isEqualTo("busy");
  }

  @Test
  void tableTellsTheSameAndEndsWithTheWarnings() {
    assertThat(TrainStepReport.table(RESULT, false))
        .contains("2,048 tokens/s", "400.0 GFLOP/s", "40.0 %", "2.000 s (1.500 to 3.000)")
        .contains("500 MiB (512 MiB)", "1,024 MiB (1,120 MiB)", "1,234 bytes a step")
        .endsWith("Warning: busy\n");
  }

  @Test
  void rooflineIsThatOfTheType() {
    Rooflines roof = new Rooflines(500, 1000, 58);
    assertThat(roof.gemmGflops(FloatType.FLOAT32)).isEqualTo(500);
    assertThat(roof.gemmGflops(FloatType.BFLOAT16)).isEqualTo(1000);
    assertThat(roof.moved(new Rooflines(500, 900, 58))).isCloseTo(0.1, within(1e-12));
    Rooflines second = new Rooflines(600, 900, 58);
    Rooflines third = new Rooflines(480, 1100, 30);
    assertThat(Rooflines.median(List.of(second, third, new Rooflines(550, 1000, 50))))
        .isEqualTo(new Rooflines(550, 1000, 50));
    assertThat(Rooflines.median(List.of(second, third))).isEqualTo(new Rooflines(540, 1000, 44));
  }

  @Test
  void warnsOfABusyMachineAndOfMovingRooflines() {
    int always = TrainStepBenchmark.warnings(0.1, 0.02).size(); // 1 where there is no oneDNN.
    assertThat(TrainStepBenchmark.warnings(-1, 0)).hasSize(always);
    assertThat(TrainStepBenchmark.warnings(2.5, 0.2)).hasSize(always + 2);
  }
}
