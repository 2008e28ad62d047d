package jaxon.checkpoint.verify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads named lists of token ids: a JSON object from names to lists of whole numbers.
public final class TokenLists {
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_TOKENS = 1 << 20;
  private static final int FIRST_ROOM = 64;

  private TokenLists() {}

  /// The lists in the order of the file.
  ///
  /// @throws CheckpointException if the file is anything else, a list is empty or an id is not
  ///   below `vocabSize`
  public static SequencedMap<String, int[]> read(Path file, int vocabSize) {
    String what = "'" + file + "'";
    String text = BoundedJson.utf8(what, BoundedJson.bytes(file, MOST_BYTES));
    SequencedMap<String, int[]> lists =
        BoundedJson.read(what, text, parser -> lists(what, parser, vocabSize));
    if (lists.isEmpty()) {
      throw CheckpointException.usage(what + " holds no list of tokens");
    }
    return lists;
  }

  private static SequencedMap<String, int[]> lists(String what, JsonParser parser, int vocabSize) {
    SequencedMap<String, int[]> lists = new LinkedHashMap<>();
    parser.nextToken();
    BoundedJson.require(parser, JsonToken.START_OBJECT, what);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String which = "%s: list '%s'".formatted(what, BoundedJson.shown(name));
      parser.nextToken();
      lists.put(name, list(which, parser, vocabSize));
    }
    return lists;
  }

  private static int[] list(String what, JsonParser parser, int vocabSize) {
    BoundedJson.require(parser, JsonToken.START_ARRAY, what);
    int[] tokens = new int[FIRST_ROOM];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      BoundedJson.require(parser, JsonToken.VALUE_NUMBER_INT, what);
      boolean isInt = parser.getNumberType() == JsonParser.NumberType.INT;
      if (!isInt || parser.getIntValue() < 0 || parser.getIntValue() >= vocabSize) {
        throw CheckpointException.usage(
            "%s: token %s is not an id from 0 to %,d, the model's last"
                .formatted(what, parser.getString(), vocabSize - 1));
      }
      if (count == MOST_TOKENS) {
        throw CheckpointException.usage("%s: more than %,d tokens".formatted(what, MOST_TOKENS));
      }
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * count);
      }
      tokens[count++] = parser.getIntValue();
    }
    if (count == 0) {
      throw CheckpointException.usage(what + " is empty");
    }
    return Arrays.copyOf(tokens, count);
  }
}
