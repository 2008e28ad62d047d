package jaxon.checkpoint.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jaxon.checkpoint.CheckpointException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads JSON that may be hostile: UTF-8 alone, of bounded size and depth, every key once.
public final class BoundedJson {
  private static final int MOST_DEPTH = 16;
  private static final int LONGEST_NAME = 4096;
  private static final int LONGEST_NUMBER = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();
  private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

  private BoundedJson() {}

  /// What is done with the tokens of a text.
  @FunctionalInterface
  public interface Reading<T> {
    /// Reads from a parser that stands before the first token, to the end of the value.
    T read(JsonParser parser);
  }

  /// The bytes of a regular file of at most `mostBytes`.
  ///
  /// @throws CheckpointException if it is missing, no regular file, unreadable or larger
  public static byte[] bytes(Path file, int mostBytes) {
    if (!Files.isRegularFile(file)) {
      throw CheckpointException.usage(
          "'%s': there is no such file, or it is not a regular file".formatted(file));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw CheckpointException.usage(
            "'%s' is larger than the %,d bytes that such a file may have"
                .formatted(file, mostBytes));
      }
      return bytes;
    } catch (IOException e) {
      throw CheckpointException.usage("cannot read '%s': %s".formatted(file, e), e);
    }
  }

  /// A file that holds one JSON object, as a tree.
  ///
  /// @throws CheckpointException if it holds anything else
  public static JsonNode object(Path file, int mostBytes) {
    String what = "'" + file + "'";
    return object(what, utf8(what, bytes(file, mostBytes)));
  }

  /// A text that is one JSON object, as a tree.
  ///
  /// @param what how messages call the text
  /// @throws CheckpointException if it is anything else
  public static JsonNode object(String what, String text) {
    if (text.isBlank()) {
      throw CheckpointException.usage("%s is empty; it should hold a JSON object".formatted(what));
    }
    JsonNode root = read(what, text, MAPPER::readTree);
    if (!root.isObject()) {
      throw CheckpointException.usage(
          "%s should hold a JSON object, but holds: %s".formatted(what, root.getNodeType()));
    }
    return root;
  }

  /// Reads one JSON value that fills `text`.
  ///
  /// @param what how messages call the text
  /// @throws CheckpointException if it is not valid JSON, goes on after the value or has a key
  ///   twice
  public static <T> T read(String what, String text, Reading<T> reading) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      T value = reading.read(parser);
      if (parser.nextToken() != null) {
        throw CheckpointException.usage("%s: text goes on after the JSON value".formatted(what));
      }
      return value;
    } catch (JacksonException e) {
      throw CheckpointException.usage(
          "%s is not valid JSON: %s".formatted(what, firstLine(e.getOriginalMessage())), e);
    }
  }

  /// Throws unless the parser stands at `expected`.
  public static void require(JsonParser parser, JsonToken expected, String what) {
    if (parser.currentToken() != expected) {
      throw CheckpointException.usage(
          "%s: expected %s, found %s".formatted(what, named(expected), parser.currentToken()));
    }
  }

  /// The text of bytes that must be UTF-8.
  public static String utf8(String what, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw CheckpointException.usage("%s is not UTF-8 text".formatted(what), e);
    }
  }

  /// Text from a file as a message may show it: short, and without control characters.
  public static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= 100 ? plain : plain.substring(0, 100) + "…";
  }

  private static String named(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a whole number";
      default -> token.toString();
    };
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().map(BoundedJson::shown).orElse("");
  }
}
