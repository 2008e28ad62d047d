package jaxon.checkpoint.safetensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The header of a safetensors file: a JSON object from names to types and places.
///
/// The rules are those of the reference implementation (huggingface/safetensors): the object begins
/// with the first byte, no name comes twice, and the tensors lie one behind the other without gaps
/// from the first byte after the header to the end of the file.
///
/// @param tensors in the order of the header
/// @param metadata the strings of `__metadata__`
record SafetensorsHeader(
    SequencedMap<String, StoredTensor> tensors, SequencedMap<String, String> metadata) {
  /// Most bytes of a header; the reference allows 100 MB, of which JSON makes gigabytes of objects.
  static final int MOST_BYTES = 16 << 20;

  /// Number of bytes before the header, which say its length.
  static final int LENGTH_BYTES = 8;

  private static final String METADATA = "__metadata__";
  private static final int MOST_RANK = 16;

  /// The header `bytes` of a file.
  ///
  /// @param dataBytes number of bytes after the header
  /// @throws CheckpointException if it is malformed, or does not describe a file of this size
  static SafetensorsHeader parse(String file, byte[] bytes, long dataBytes) {
    if (bytes.length == 0 || bytes[0] != '{') {
      throw CheckpointException.usage("%s: the header does not begin with '{'".formatted(file));
    }
    String what = file + ": header";
    SafetensorsHeader header =
        BoundedJson.read(what, BoundedJson.utf8(what, bytes), p -> read(file, p));
    header.requireContiguous(file, dataBytes);
    return header;
  }

  private static SafetensorsHeader read(String file, JsonParser parser) {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    parser.nextToken();
    BoundedJson.require(parser, JsonToken.START_OBJECT, file + ": header");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals(METADATA)) {
        readMetadata(file, parser, metadata);
      } else {
        tensors.put(
            name, readTensor("%s: tensor '%s'".formatted(file, BoundedJson.shown(name)), parser));
      }
    }
    return new SafetensorsHeader(tensors, metadata);
  }

  private static void readMetadata(
      String file, JsonParser parser, SequencedMap<String, String> metadata) {
    BoundedJson.require(parser, JsonToken.START_OBJECT, file + ": " + METADATA);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      BoundedJson.require(parser, JsonToken.VALUE_STRING, file + ": " + METADATA);
      metadata.put(key, parser.getString());
    }
  }

  private static StoredTensor readTensor(String what, JsonParser parser) {
    BoundedJson.require(parser, JsonToken.START_OBJECT, what);
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> {
          BoundedJson.require(parser, JsonToken.VALUE_STRING, what + ": dtype");
          dtype = StoredDType.parse(what, parser.getString());
        }
        case "shape" -> shape = readSizes(what + ": shape", parser, MOST_RANK);
        case "data_offsets" -> offsets = readSizes(what + ": data_offsets", parser, 2);
        default -> parser.skipChildren(); // The reference ignores what it does not know.
      }
    }
    return tensor(what, dtype, shape, offsets);
  }

  private static StoredTensor tensor(
      String what, @Nullable DType dtype, long @Nullable [] shape, long @Nullable [] offsets) {
    if (dtype == null || shape == null || offsets == null) {
      throw CheckpointException.usage(what + ": dtype, shape and data_offsets must all be there");
    }
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw CheckpointException.usage(
          "%s: data_offsets should be [begin, end] with begin ≤ end, found %s"
              .formatted(what, Arrays.toString(offsets)));
    }
    long bytes = dtype.bytes();
    try {
      for (long dim : shape) {
        bytes = Math.multiplyExact(bytes, dim);
      }
    } catch (ArithmeticException e) {
      throw CheckpointException.usage(
          "%s: shape %s is beyond any memory".formatted(what, Arrays.toString(shape)), e);
    }
    if (offsets[1] - offsets[0] != bytes) {
      throw CheckpointException.usage(
          "%s: %s%s needs %,d bytes, but data_offsets %s span %,d"
              .formatted(
                  what,
                  dtype,
                  Arrays.toString(shape),
                  bytes,
                  Arrays.toString(offsets),
                  offsets[1] - offsets[0]));
    }
    return new StoredTensor(new TensorType(dtype, Shape.of(shape)), offsets[0], offsets[1]);
  }

  private static long[] readSizes(String what, JsonParser parser, int most) {
    BoundedJson.require(parser, JsonToken.START_ARRAY, what);
    List<Long> sizes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      BoundedJson.require(parser, JsonToken.VALUE_NUMBER_INT, what);
      if (sizes.size() == most) {
        throw CheckpointException.usage("%s: more than %d numbers".formatted(what, most));
      }
      long size =
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
      if (size < 0) {
        throw CheckpointException.usage(
            "%s: %s is not a size from 0 to 2^63 - 1".formatted(what, parser.getString()));
      }
      sizes.add(size);
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  /// Each tensor begins where the one before ends, the first at 0 and the last ends with the file:
  /// no overlaps, no holes, nothing hidden.
  private void requireContiguous(String file, long dataBytes) {
    List<Map.Entry<String, StoredTensor>> byPlace = new ArrayList<>(tensors.entrySet());
    byPlace.sort(
        Comparator.comparingLong((Map.Entry<String, StoredTensor> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long position = 0;
    for (Map.Entry<String, StoredTensor> entry : byPlace) {
      StoredTensor tensor = entry.getValue();
      if (tensor.begin() != position) {
        throw CheckpointException.usage(
            "%s: tensor '%s' begins at byte %,d of the data, but the one before ends at %,d: tensors may neither overlap nor leave gaps"
                .formatted(file, BoundedJson.shown(entry.getKey()), tensor.begin(), position));
      }
      position = tensor.end();
    }
    if (position != dataBytes) {
      throw CheckpointException.usage(
          "%s: the header describes %,d bytes of data, but the file has %,d: it is %s"
              .formatted(
                  file,
                  position,
                  dataBytes,
                  position > dataBytes ? "cut off" : "longer than it says"));
    }
  }
}
