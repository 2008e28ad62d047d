package jaxon.input.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads whole files of bounded size as UTF-8.
public final class Utf8Files {
  private Utf8Files() {}

  /// The text of `file`, a leading byte order mark removed.
  ///
  /// @throws InputException if it is missing, larger than `maxBytes` or not UTF-8 text
  public static String read(Path file, long maxBytes) {
    String text = decode(bytes(file, maxBytes));
    if (text == null) {
      throw new InputException(
          "The file '%s' is not text: it holds a NUL byte or bytes that are not UTF-8. Convert it, or leave it out."
              .formatted(file));
    }
    return text;
  }

  /// The bytes of `file`.
  ///
  /// @throws InputException if it is missing, unreadable or larger than `maxBytes`
  public static byte[] bytes(Path file, long maxBytes) {
    int limit = Math.toIntExact(Math.min(maxBytes, Integer.MAX_VALUE - 16));
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new InputException(
            "The file '%s' is larger than the %,d bytes allowed: split it.".formatted(file, limit));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new InputException("The file '%s' does not exist.".formatted(file), e);
    } catch (IOException e) {
      throw new InputException("Cannot read the file '%s': %s".formatted(file, e), e);
    }
  }

  /// The bytes as text, or null if they are not UTF-8 or hold a NUL.
  static @Nullable String decode(byte[] bytes) {
    try {
      CharBuffer chars =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes));
      String text = chars.toString();
      if (text.indexOf('\0') >= 0) {
        return null;
      }
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
