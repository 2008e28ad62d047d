package jaxon.checkpoint.huggingface;

import java.nio.file.Path;
import java.util.Optional;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A `config.json`, or an object in it, whose values are checked as they are asked for.
///
/// A key with the value null counts as absent, as it does for the transformers library.
///
/// @param place how messages call the object
record ConfigFile(String place, JsonNode root) {
  static final String NAME = "config.json";

  private static final int MOST_BYTES = 1 << 20;

  static ConfigFile read(Path file) {
    return new ConfigFile("'" + file + "'", BoundedJson.object(file, MOST_BYTES));
  }

  boolean has(String key) {
    return root.has(key) && !root.path(key).isNull();
  }

  /// A whole number from `min` to `max` that must be there.
  int size(String key, int max) {
    return optionalSize(key, max)
        .orElseThrow(() -> CheckpointException.usage("%s has no %s".formatted(place, key)));
  }

  Optional<Integer> optionalSize(String key, int max) {
    if (!has(key)) {
      return Optional.empty();
    }
    JsonNode value = root.path(key);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > max) {
      throw wrong(key, "a whole number from 1 to %,d".formatted(max));
    }
    return Optional.of(value.intValue());
  }

  /// A finite number above 0.
  double positive(String key, double fallback) {
    if (!has(key)) {
      return fallback;
    }
    JsonNode value = root.path(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue()) || value.doubleValue() <= 0) {
      throw wrong(key, "a number above 0");
    }
    return value.doubleValue();
  }

  boolean flag(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    if (!root.path(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return root.path(key).booleanValue();
  }

  String text(String key, String fallback) {
    if (!has(key)) {
      return fallback;
    }
    if (!root.path(key).isString()) {
      throw wrong(key, "a string");
    }
    return root.path(key).stringValue();
  }

  /// An object within this one.
  Optional<ConfigFile> object(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!root.path(key).isObject()) {
      throw wrong(key, "an object");
    }
    return Optional.of(new ConfigFile(place + ": " + key, root.path(key)));
  }

  /// Whether a list of strings has an element.
  boolean lists(String key, String element) {
    if (!root.path(key).isArray()) {
      throw wrong(key, "a list of strings");
    }
    boolean found = false;
    for (JsonNode value : root.path(key)) {
      if (!value.isString()) {
        throw wrong(key, "a list of strings");
      }
      found |= value.stringValue().equals(element);
    }
    return found;
  }

  /// A copy that may be changed.
  ObjectNode copy() {
    return (ObjectNode) root.deepCopy();
  }

  CheckpointException wrong(String key, String expected) {
    String found = BoundedJson.shown(root.path(key).toString());
    return CheckpointException.usage(
        "%s: %s should be %s, found %s".formatted(place, key, expected, found));
  }
}
