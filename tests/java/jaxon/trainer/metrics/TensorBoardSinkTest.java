package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardSinkTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000L, 250_000_000));

  @TempDir private Path dir;

  @Test
  void anIndependentReaderFindsEveryScalar() throws IOException {
    Path file;
    try (TensorBoardSink sink = TensorBoardSink.open(dir, CLOCK, "host.1.0")) {
      file = sink.file();
      sink.write(0, Scalars.of("learning/loss", 3.25, "zero", 0));
      sink.write(300, Scalars.of("perf/größe", Double.NaN, "big", 1e300));
      sink.write(1L << 40, Scalars.of("tenth", 0.1));
    }
    List<EventFileReader.Event> events = EventFileReader.read(file);
    assertThat(events)
        .containsExactly(
            new EventFileReader.Event(1_700_000_000.25, 0, "brain.Event:2", Map.of(), 0),
            new EventFileReader.Event(
                1_700_000_000.25, 0, "", Map.of("learning/loss", 3.25f, "zero", 0f), 0),
            new EventFileReader.Event(
                1_700_000_000.25,
                300,
                "",
                Map.of("perf/größe", Float.NaN, "big", Float.POSITIVE_INFINITY),
                0),
            new EventFileReader.Event(1_700_000_000.25, 1L << 40, "", Map.of("tenth", 0.1f), 0));
  }

  /// These bytes were written by the record writer of TensorBoard 2.21 for the same three events.
  @Test
  void writesTheBytesThatTensorBoardWrites() {
    double time = 1_700_000_000.25;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(TfRecord.frame(TensorBoardEvent.fileVersion(time)));
    file.writeBytes(
        TfRecord.frame(
            TensorBoardEvent.scalars(time, 300, Scalars.of("learning/loss", 3.25, "zero", 0))));
    file.writeBytes(TfRecord.frame(TensorBoardEvent.sessionStart(time, 7)));
    assertThat(HexFormat.of().formatHex(file.toByteArray()))
        .isEqualTo(
            "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9"
                + "31000000000000009d8383e90900001040fc54d94110ac022a230a140a0d6c6561726e696e67"
                + "2f6c6f737315000050400a0b0a047a65726f150000000074652aad"
                + "0f000000000000006d532b090900001040fc54d94110073a0208010f417177");
  }

  @Test
  void aResumedRunOpensItsOwnFileAndSaysWhereItGoesOn() throws IOException {
    try (TensorBoardSink first = TensorBoardSink.create(dir.resolve("run"));
        TensorBoardSink second = TensorBoardSink.resume(dir.resolve("run"), 5)) {
      assertThat(second.file()).isNotEqualTo(first.file());
      assertThat(second.file().getFileName().toString())
          .matches("events\\.out\\.tfevents\\.\\d{10}\\.[A-Za-z0-9._-]+\\.\\d+\\.\\d+");
      EventFileReader.Event start = EventFileReader.read(second.file()).getLast();
      assertThat(start.step()).isEqualTo(5);
      assertThat(start.status()).isEqualTo(1);
      assertThat(EventFileReader.read(first.file())).hasSize(1);
    }
  }

  @Test
  void neverOverwritesAFile() {
    TensorBoardSink.open(dir, CLOCK, "host.1.0").close();
    assertThatThrownBy(() -> TensorBoardSink.open(dir, CLOCK, "host.1.0"))
        .isInstanceOf(MetricSinkException.class)
        .hasMessageContaining("events.out.tfevents.1700000000.host.1.0");
  }

  @Test
  void rejectsWritesAfterClose() {
    TensorBoardSink sink = TensorBoardSink.open(dir, CLOCK, "host.1.0");
    sink.close();
    sink.close();
    assertThatThrownBy(() -> sink.write(1, Scalars.of("x", 1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
