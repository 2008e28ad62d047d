package jaxon.trainer.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/// Writes one JSON object per entry and line: `{"step":7,"learning/loss":3.25,...}`.
///
/// `step` comes first, then the scalars in the order of the map. A number is printed with the
/// fewest digits that read back to the same double, so equal digits mean equal bits. JSON has no
/// literal for the numbers that are not finite; they are the strings `"NaN"`, `"Infinity"` and
/// `"-Infinity"`, which, unlike `null`, still tell what went wrong. Each line goes to the file in
/// one write, at once, so `tail -f` follows the run.
public final class JsonlSink implements MetricSink {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private final AppendFile file;

  private JsonlSink(AppendFile file) {
    this.file = file;
  }

  /// Starts a new file; one that is there already is emptied.
  public static JsonlSink create(Path file) {
    return new JsonlSink(AppendFile.openAt(file, 0));
  }

  /// Continues the file of an interrupted run whose next step is `firstStep`.
  ///
  /// Lines from the first one with that step or a later one, and a last line that was cut off, are
  /// removed: the run will write them again. So the file reads as if the run had never stopped.
  ///
  /// @throws IllegalArgumentException if the file holds a line that no run has written
  public static JsonlSink resume(Path file, long firstStep) {
    try {
      long keep = Files.exists(file) ? JsonlPrefix.lengthBefore(file, firstStep) : 0;
      return new JsonlSink(AppendFile.openAt(file, keep));
    } catch (IOException e) {
      throw AppendFile.failure("read", file, e);
    }
  }

  @Override
  public void write(long step, SequencedMap<String, Double> scalars) {
    if (scalars.containsKey("step")) {
      throw new IllegalArgumentException("\"step\" is the step number; no scalar may be named so");
    }
    file.append(encode(step, scalars));
  }

  private static byte[] encode(long step, SequencedMap<String, Double> scalars) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeNumberProperty("step", step);
      scalars.forEach(json::writeNumberProperty);
      json.writeEndObject();
    }
    line.write('\n');
    return line.toByteArray();
  }

  @Override
  public void flush() {
    file.force();
  }

  @Override
  public void close() {
    file.close();
  }
}
