package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

final class JsonlSinkTest {
  @TempDir private Path dir;

  @Test
  void writesStepFirstThenTheScalarsInOrder() throws IOException {
    Path file = dir.resolve("made/on/demand/metrics.jsonl");
    try (JsonlSink sink = JsonlSink.create(file)) {
      sink.write(0, Scalars.of("learning/loss", 3.25, "a", 1e-5));
      sink.write(12, Scalars.of("b", -0.0));
    }
    assertThat(Files.readString(file))
        .isEqualTo("{\"step\":0,\"learning/loss\":3.25,\"a\":1.0E-5}\n{\"step\":12,\"b\":-0.0}\n");
  }

  @Test
  void aLineIsInTheFileAsSoonAsItIsWritten() throws IOException {
    Path file = dir.resolve("metrics.jsonl");
    try (JsonlSink sink = JsonlSink.create(file)) {
      sink.write(1, Scalars.of("x", 1));
      assertThat(Files.readString(file)).isEqualTo("{\"step\":1,\"x\":1.0}\n");
    }
  }

  @Test
  void everyDoubleReadsBackToTheSameBits() throws IOException {
    double[] values = {
      0.1, 1.0 / 3, Math.PI, Double.MIN_VALUE, Double.MAX_VALUE, 2.0e-3, 9007199254740994.0, 1e23
    };
    SequencedMap<String, Double> scalars = new LinkedHashMap<>();
    for (double value : values) {
      scalars.put("v" + scalars.size(), value);
    }
    JsonNode line = writeOne(scalars);
    for (int i = 0; i < values.length; i++) {
      assertThat(line.get("v" + i).doubleValue()).isEqualTo(values[i]);
    }
  }

  @Test
  void numbersThatAreNotFiniteAreStrings() throws IOException {
    SequencedMap<String, Double> scalars =
        Scalars.of("nan", Double.NaN, "up", Double.POSITIVE_INFINITY);
    scalars.put("down", Double.NEGATIVE_INFINITY);
    JsonNode line = writeOne(scalars);
    assertThat(line.get("nan").stringValue()).isEqualTo("NaN");
    assertThat(line.get("up").stringValue()).isEqualTo("Infinity");
    assertThat(line.get("down").stringValue()).isEqualTo("-Infinity");
  }

  @Test
  void createEmptiesAnOldFile() throws IOException {
    Path file = dir.resolve("metrics.jsonl");
    Files.writeString(file, "old");
    JsonlSink.create(file).close();
    assertThat(file).isEmptyFile();
  }

  @Test
  void resumeKeepsWhatTheRunWillNotWriteAgain() throws IOException {
    Path file = dir.resolve("metrics.jsonl");
    try (JsonlSink sink = JsonlSink.create(file)) {
      for (int step = 0; step < 8; step++) {
        sink.write(step, Scalars.of("x", step));
      }
    }
    String uninterrupted = Files.readString(file);
    Files.writeString(file, uninterrupted.substring(0, uninterrupted.length() - 4));
    try (JsonlSink sink = JsonlSink.resume(file, 5)) {
      for (int step = 5; step < 8; step++) {
        sink.write(step, Scalars.of("x", step));
      }
    }
    assertThat(Files.readString(file)).isEqualTo(uninterrupted);
  }

  @Test
  void resumeDropsALineThatWasCutOff() throws IOException {
    Path file = dir.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1,\"x\":1.0}\n{\"step\":2,\"x\"");
    JsonlSink.resume(file, 100).close();
    assertThat(Files.readAllLines(file)).isEqualTo(List.of("{\"step\":1,\"x\":1.0}"));
  }

  @Test
  void resumeWithoutAFileStartsOne() {
    Path file = dir.resolve("metrics.jsonl");
    JsonlSink.resume(file, 5).close();
    assertThat(file).isEmptyFile();
  }

  @Test
  void resumeLeavesAForeignFileAlone() throws IOException {
    Path file = dir.resolve("novel.txt");
    Files.writeString(file, "{\"step\":1}\nIt was a dark night.\n");
    assertThatThrownBy(() -> JsonlSink.resume(file, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2 starts with `It was a dark night.`");
    assertThat(file).hasContent("{\"step\":1}\nIt was a dark night.\n");
  }

  @Test
  void rejectsAScalarNamedStepAndWritesAfterClose() {
    JsonlSink sink = JsonlSink.create(dir.resolve("metrics.jsonl"));
    assertThatThrownBy(() -> sink.write(1, Scalars.of("step", 2)))
        .isInstanceOf(IllegalArgumentException.class);
    sink.close();
    sink.close();
    assertThatThrownBy(() -> sink.write(1, Scalars.of("x", 2)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysWhichFileCannotBeOpened() {
    assertThatThrownBy(() -> JsonlSink.create(dir))
        .isInstanceOf(MetricSinkException.class)
        .hasMessageContaining(dir.toString());
  }

  private JsonNode writeOne(SequencedMap<String, Double> scalars) throws IOException {
    Path file = dir.resolve("one.jsonl");
    try (JsonlSink sink = JsonlSink.create(file)) {
      sink.write(1, scalars);
    }
    return new ObjectMapper().readTree(Files.readString(file));
  }
}
