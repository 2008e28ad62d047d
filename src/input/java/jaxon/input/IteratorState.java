package jaxon.input;

import java.util.LinkedHashMap;
import java.util.Map;
import jaxon.input.source.InputException;

/// Where an iterator is: all that is needed to give the same batches from here on.
///
/// It is the same on every process that shares the rows, and does not depend on how many they are.
///
/// @param batches the batches given so far
/// @param epoch the pass over the data, from 0
/// @param position the place in that pass's order, from 0
/// @param offset the (input, target) pairs already used of the document there
/// @param signature what the numbers refer to; restoring into different data is refused
public record IteratorState(
    long batches, long epoch, long position, long offset, String signature) {

  /// The state as a map of strings and longs, for JSON.
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("batches", batches);
    map.put("epoch", epoch);
    map.put("position", position);
    map.put("offset", offset);
    map.put("signature", signature);
    return map;
  }

  /// The state that [#toMap] wrote; numbers may be of any integral type.
  ///
  /// @throws InputException if an entry is missing or of the wrong kind
  public static IteratorState fromMap(Map<String, ?> map) {
    if (!(map.get("signature") instanceof String signature)) {
      throw new InputException(
          "The saved input state has no text 'signature'; it holds %s.".formatted(map.keySet()));
    }
    return new IteratorState(
        number(map, "batches"),
        number(map, "epoch"),
        number(map, "position"),
        number(map, "offset"),
        signature);
  }

  private static long number(Map<String, ?> map, String key) {
    Object value = map.get(key);
    if ((value instanceof Long || value instanceof Integer) && ((Number) value).longValue() >= 0) {
      return ((Number) value).longValue();
    }
    throw new InputException(
        "The saved input state should hold a whole number, not negative, under '%s', but holds %s."
            .formatted(key, value));
  }

  Cursor cursor() {
    return new Cursor(epoch, position, offset);
  }
}
