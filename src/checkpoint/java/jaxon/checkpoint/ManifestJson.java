package jaxon.checkpoint;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import jaxon.config.CheckpointCompression;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The text of a manifest.
final class ManifestJson {
  private static final String FORMAT = "jaxon-checkpoint";
  private static final String COMPRESSION = "compression";
  private static final String COMPRESSED_BYTES = "compressed_bytes";
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private ManifestJson() {}

  static byte[] write(Checkpoint checkpoint) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeStringProperty("format", FORMAT);
      json.writeNumberProperty("version", checkpoint.version());
      json.writeNumberProperty("step", checkpoint.step());
      facts(json, checkpoint.facts());
      files(json, checkpoint.files());
      json.writeArrayPropertyStart("tensors");
      checkpoint.tensors().forEach((path, entry) -> tensor(json, path, entry));
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void facts(JsonGenerator json, Checkpoint.Facts facts) {
    json.writeStringProperty("jaxon_version", facts.jaxonVersion());
    json.writeNumberProperty("created_millis", facts.createdMillis());
    json.writeObjectPropertyStart("mesh");
    facts.mesh().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeObjectPropertyStart("seeds");
    facts.seeds().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeObjectPropertyStart("input");
    facts
        .input()
        .forEach((key, value) -> {
          if (value instanceof Number number) {
            json.writeNumberProperty(key, number.longValue());
          } else {
            json.writeStringProperty(key, value.toString());
          }
        });
    json.writeEndObject();
    json.writeObjectPropertyStart("metrics");
    facts.metrics().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeObjectPropertyStart("configuration");
    facts.configuration().forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private static void files(JsonGenerator json, List<DataFile> files) {
    json.writeArrayPropertyStart("files");
    for (DataFile file : files) {
      json.writeStartObject();
      json.writeStringProperty("name", file.name());
      json.writeNumberProperty("bytes", file.bytes());
      if (file.isCompressed()) {
        json.writeStringProperty(COMPRESSION, file.compression().yamlName());
      }
      json.writeStringProperty("frame_sha256", file.frame());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void tensor(JsonGenerator json, String path, TensorEntry entry) {
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeStringProperty("path", path);
    json.writeStringProperty("dtype", entry.type().dtype().text());
    numbers(json, "shape", entry.type().shape().toList());
    texts(json, "axes", entry.axes());
    json.writeArrayPropertyStart("spec");
    for (List<String> dim : entry.spec()) {
      json.writeStartArray();
      dim.forEach(json::writeString);
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("chunks");
    for (Chunk chunk : entry.chunks()) {
      json.writeStartObject();
      json.writeNumberProperty("file", chunk.file());
      json.writeNumberProperty("offset", chunk.offset());
      if (chunk.isCompressed()) {
        json.writeNumberProperty(COMPRESSED_BYTES, chunk.compressed());
      }
      numbers(json, "start", chunk.region().start());
      numbers(json, "extent", chunk.region().extent());
      json.writeStringProperty("digest", chunk.digest());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void numbers(JsonGenerator json, String name, List<Long> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeNumber);
    json.writeEndArray();
  }

  private static void texts(JsonGenerator json, String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  /// The manifest in `bytes`, of which `what` is the name for messages.
  ///
  /// @throws CheckpointException if it is none, or of a version that is not known yet
  static Checkpoint read(byte[] bytes, String what) {
    try {
      JsonNode root = MAPPER.readTree(bytes);
      if (!root.path("format").asString("").equals(FORMAT)) {
        throw CheckpointException.damaged(what + " is not a checkpoint's manifest");
      }
      int version = root.required("version").intValue();
      if (version < 1 || version > Checkpoint.VERSION) {
        throw CheckpointException.usage(
            "%s has format version %d; this program reads versions 1 to %d: use a newer one"
                .formatted(what, version, Checkpoint.VERSION));
      }
      SequencedMap<String, TensorEntry> tensors = new LinkedHashMap<>();
      for (JsonNode node : root.required("tensors")) {
        String path = text(node, "path");
        if (tensors.put(path, entry(node)) != null) {
          throw CheckpointException.damaged(what + " names the tensor " + path + " twice");
        }
      }
      List<DataFile> files = new ArrayList<>();
      for (JsonNode node : root.required("files")) {
        files.add(
            new DataFile(
                text(node, "name"),
                number(node, "bytes"),
                node.has(COMPRESSION)
                    ? CheckpointCompression.valueOf(
                        text(node, COMPRESSION).toUpperCase(Locale.ROOT))
                    : CheckpointCompression.NONE,
                text(node, "frame_sha256")));
      }
      return new Checkpoint(number(root, "step"), facts(root), files, tensors);
    } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
      throw CheckpointException.damaged(what + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Checkpoint.Facts facts(JsonNode root) {
    return new Checkpoint.Facts(
        text(root, "jaxon_version"),
        number(root, "created_millis"),
        map(root.required("mesh"), JsonNode::longValue),
        map(root.required("seeds"), JsonNode::longValue),
        map(root.required("configuration"), JsonNode::stringValue),
        map(
            root.required("input"),
            value -> value.isIntegralNumber() ? (Object) value.longValue() : value.stringValue()),
        map(root.required("metrics"), ManifestJson::real));
  }

  private static TensorEntry entry(JsonNode node) {
    TensorType type =
        new TensorType(
            DType.valueOf(text(node, "dtype").toUpperCase(Locale.ROOT)),
            Shape.of(numbers(node, "shape")));
    List<List<String>> spec = new ArrayList<>();
    node.required("spec").forEach(dim -> spec.add(texts(dim)));
    List<Chunk> chunks = new ArrayList<>();
    for (JsonNode chunk : node.required("chunks")) {
      Region region = new Region(numbers(chunk, "start"), numbers(chunk, "extent"));
      chunks.add(
          new Chunk(
              Math.toIntExact(number(chunk, "file")),
              number(chunk, "offset"),
              chunk.has(COMPRESSED_BYTES) ? number(chunk, COMPRESSED_BYTES) : 0,
              region,
              text(chunk, "digest")));
    }
    return new TensorEntry(type, texts(node.required("axes")), spec, chunks);
  }

  private static double real(JsonNode value) {
    return value.isString() ? Double.parseDouble(value.stringValue()) : value.doubleValue();
  }

  private static <V> SequencedMap<String, V> map(JsonNode node, Function<JsonNode, V> value) {
    SequencedMap<String, V> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      map.put(entry.getKey(), value.apply(entry.getValue()));
    }
    return map;
  }

  private static String text(JsonNode node, String name) {
    return node.required(name).stringValue();
  }

  private static long number(JsonNode node, String name) {
    return node.required(name).longValue();
  }

  private static List<Long> numbers(JsonNode node, String name) {
    List<Long> values = new ArrayList<>();
    node.required(name).forEach(value -> values.add(value.longValue()));
    return values;
  }

  private static List<String> texts(JsonNode node) {
    List<String> values = new ArrayList<>();
    node.forEach(value -> values.add(value.stringValue()));
    return values;
  }
}
