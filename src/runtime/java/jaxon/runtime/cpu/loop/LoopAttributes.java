package jaxon.runtime.cpu.loop;

import java.util.SortedMap;
import jaxon.graph.type.Shape;

/// The attributes of a `jaxon.loop` composite.
final class LoopAttributes {
  private LoopAttributes() {}

  /// `shape`, for example `8x256x512`; empty for a scalar.
  static Shape shape(SortedMap<String, String> attributes) {
    String text = require(attributes, "shape");
    if (text.isEmpty()) {
      return Shape.SCALAR;
    }
    String[] parts = text.split("x", -1);
    long[] dims = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      dims[i] = number(parts[i], "shape", text);
    }
    return Shape.of(dims);
  }

  /// `row_dims`: how many leading dims are rows.
  static int rowDims(SortedMap<String, String> attributes, Shape shape) {
    String text = require(attributes, "row_dims");
    long dims = number(text, "row_dims", text);
    if (dims > shape.rank()) {
      throw new IllegalArgumentException(
          "row_dims of a loop of shape " + shape + " must be <= " + shape.rank() + ", got " + dims);
    }
    return (int) dims;
  }

  private static String require(SortedMap<String, String> attributes, String key) {
    String value = attributes.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "a jaxon.loop needs the attribute '" + key + "', got " + attributes.keySet());
    }
    return value;
  }

  private static long number(String part, String key, String text) {
    try {
      long value = Long.parseLong(part);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "attribute '" + key + "' of a jaxon.loop must be numbers >= 0, got '" + text + "'");
  }
}
