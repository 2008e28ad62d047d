package jaxon.checkpoint.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.checkpoint.safetensors.ModelFiles;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// An index such as `model.safetensors.index.json`: which file of a directory holds which tensor.
///
/// @param suffix what the names of the files end with
/// @param weightMap from the name of a tensor to the name of its file
record ShardIndex(Path file, String suffix, SequencedMap<String, String> weightMap) {
  private static final int MOST_BYTES = 32 << 20;

  static ShardIndex read(Path file, String suffix) {
    String what = "'" + file + "'";
    String text = BoundedJson.utf8(what, BoundedJson.bytes(file, MOST_BYTES));
    SequencedMap<String, String> weightMap =
        BoundedJson.read(what, text, parser -> weightMap(what, parser));
    if (weightMap.isEmpty()) {
      throw CheckpointException.usage(what + " has no weight_map, or an empty one");
    }
    return new ShardIndex(file, suffix, weightMap);
  }

  private static SequencedMap<String, String> weightMap(String what, JsonParser parser) {
    SequencedMap<String, String> map = new LinkedHashMap<>();
    parser.nextToken();
    BoundedJson.require(parser, JsonToken.START_OBJECT, what);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      if (!key.equals("weight_map")) {
        parser.skipChildren();
        continue;
      }
      BoundedJson.require(parser, JsonToken.START_OBJECT, what + ": weight_map");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String tensor = parser.currentName();
        parser.nextToken();
        BoundedJson.require(parser, JsonToken.VALUE_STRING, what + ": weight_map");
        map.put(tensor, parser.getString());
      }
    }
    return map;
  }

  /// The place of a shard: a regular file of the directory itself, or one that a link there leads
  /// to in the blobs of a Hugging Face cache.
  Path shard(String name) {
    String what = "'%s': shard '%s'".formatted(file, BoundedJson.shown(name));
    if (!name.endsWith(suffix) || !name.matches("[^/\\\\\\p{Cntrl}]{1,255}")) {
      throw CheckpointException.usage(
          "%s is not the plain name of a %s file in the same directory".formatted(what, suffix));
    }
    return ModelFiles.find(what, file.toAbsolutePath().resolveSibling("").normalize(), name);
  }
}
