package jaxon.input.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON lines: each line an object, the text one of its fields.
///
/// An index of line offsets gives any document with one read. Lines are parsed when they are used,
/// so a malformed line shows up then, with file and line number. A null is an empty document.
public final class JsonlSource implements DocumentSource {
  private static final int MAX_LINE_BYTES = 64 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String path;
  private final String column;
  private final List<LineIndex> files;
  private final RunningTotals starts;

  private JsonlSource(String path, String column, List<LineIndex> files) {
    this.path = path;
    this.column = column;
    this.files = files;
    starts = new RunningTotals(files, LineIndex::size);
  }

  /// Opens a file, directory or glob pattern; the first line is checked at once.
  public static JsonlSource open(String path, String column) {
    return open(path, column, MAX_LINE_BYTES);
  }

  static JsonlSource open(String path, String column, int maxLineBytes) {
    List<LineIndex> files = new ArrayList<>();
    try {
      for (Path file : FileSearch.find(path, List.of(".jsonl", ".ndjson"))) {
        files.add(LineIndex.open(file, maxLineBytes));
      }
      JsonlSource source = new JsonlSource(path, column, List.copyOf(files));
      if (source.size() == 0) {
        throw new InputException("The JSONL data at '%s' holds no lines.".formatted(path));
      }
      source.document(0);
      return source;
    } catch (RuntimeException e) {
      files.forEach(LineIndex::close);
      throw e;
    }
  }

  @Override
  public long size() {
    return starts.total();
  }

  @Override
  public String document(long index) {
    int file = starts.find(index);
    int line = (int) (index - starts.start(file));
    try {
      return text(JSON.readTree(files.get(file).line(line)), index);
    } catch (JacksonException e) {
      throw new InputException(
          "%s is not a JSON object: %s".formatted(locate(index), e.getOriginalMessage()), e);
    }
  }

  private String text(JsonNode object, long index) {
    if (!object.isObject()) {
      throw new InputException(
          "%s should hold a JSON object, but holds: %s."
              .formatted(locate(index), object.getNodeType()));
    }
    JsonNode value = object.get(column);
    if (value == null) {
      throw new InputException(
          "%s has no field '%s'; it has %s. Set the column to one of these."
              .formatted(locate(index), column, object.propertyNames()));
    }
    if (value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw new InputException(
          "%s: the field '%s' should be a string, but is: %s."
              .formatted(locate(index), column, value.getNodeType()));
    }
    return value.stringValue();
  }

  @Override
  public String locate(long index) {
    int file = starts.find(index);
    return files.get(file).locate((int) (index - starts.start(file)));
  }

  @Override
  public String describe() {
    return "%,d JSON lines in %,d file%s at %s, field '%s'"
        .formatted(size(), files.size(), files.size() == 1 ? "" : "s", path, column);
  }

  @Override
  public void close() {
    files.forEach(LineIndex::close);
  }
}
