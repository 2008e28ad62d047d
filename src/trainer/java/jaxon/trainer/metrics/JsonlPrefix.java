package jaxon.trainer.metrics;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds how much of a metrics file a resumed run keeps.
final class JsonlPrefix {
  private static final Pattern START = Pattern.compile("\\{\"step\":(-?\\d{1,18})[,}].*");

  /// Enough of a line to hold the step number; the rest is not looked at.
  private static final int HEAD = 32;

  private JsonlPrefix() {}

  /// Returns the length in bytes of the complete lines before the first of step `firstStep` or
  /// later.
  static long lengthBefore(Path file, long firstStep) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      byte[] head = new byte[HEAD];
      long keep = 0;
      for (long line = 1; ; line++) {
        long length = readLine(in, head);
        if (length < 0) {
          return keep;
        }
        String start =
            new String(head, 0, (int) Math.min(length, HEAD), StandardCharsets.ISO_8859_1);
        if (stepOf(start, file, line) >= firstStep) {
          return keep;
        }
        keep += length + 1;
      }
    }
  }

  /// Reads to the next line feed and fills `head`; -1 if the file ends before it.
  private static long readLine(InputStream in, byte[] head) throws IOException {
    for (long length = 0; ; length++) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      if (next == '\n') {
        return length;
      }
      if (length < head.length) {
        head[(int) length] = (byte) next;
      }
    }
  }

  private static long stepOf(String start, Path file, long line) {
    Matcher matcher = START.matcher(start);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "cannot continue metrics file %s: line %d starts with `%s`, not with {\"step\":<number>. It was not written by a run; name another file"
              .formatted(file, line, start));
    }
    return Long.parseLong(matcher.group(1));
  }
}
