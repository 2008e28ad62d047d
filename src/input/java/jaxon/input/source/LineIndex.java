package jaxon.input.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// The lines of a file by number, blank lines left out.
///
/// Sixteen bytes of memory a line. The file is read once when opened; it must not change
/// afterwards.
final class LineIndex implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final int maxLineBytes;

  /// Where line `i` begins; it ends before the next line break.
  private long[] starts = new long[1024];

  private long[] ends = new long[1024];
  private int count;

  private LineIndex(Path file, FileChannel channel, int maxLineBytes) {
    this.file = file;
    this.channel = channel;
    this.maxLineBytes = maxLineBytes;
  }

  /// Reads through `file`.
  ///
  /// @throws InputException if it cannot be read or a line is longer than `maxLineBytes`
  static LineIndex open(Path file, int maxLineBytes) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      LineIndex index = new LineIndex(file, channel, maxLineBytes);
      try {
        index.scan();
        return index;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new InputException("Cannot read the file '%s': %s".formatted(file, e), e);
    }
  }

  /// The lines that are not blank.
  int size() {
    return count;
  }

  /// The bytes of line `index`, without the line break.
  byte[] line(int index) {
    int length = Math.toIntExact(ends[index] - starts[index]);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, starts[index] + bytes.position()) < 0) {
          throw new InputException(
              "The file '%s' became shorter while it was in use: data files must not change."
                  .formatted(file));
        }
      }
    } catch (IOException e) {
      throw new InputException("Cannot read the file '%s': %s".formatted(file, e), e);
    }
    return bytes.array();
  }

  /// The place of line `index` in words, counted from 1 with blank lines; reads the file up to
  /// there.
  String locate(int index) {
    long line = 1;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      long at = 0;
      while (at < starts[index]) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, starts[index] - at));
        int read = channel.read(buffer, at);
        if (read <= 0) {
          break;
        }
        for (int i = 0; i < read; i++) {
          line += buffer.get(i) == '\n' ? 1 : 0;
        }
        at += read;
      }
    } catch (IOException e) {
      throw new InputException("Cannot read the file '%s': %s".formatted(file, e), e);
    }
    return file + ":" + line;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new InputException("Cannot close the file '%s': %s".formatted(file, e), e);
    }
  }

  private void scan() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long lineStart = 0;
    long place = 0;
    boolean blank = true;
    long lines = 0;
    while (channel.read(buffer.clear(), place) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte b = buffer.get();
        place++;
        if (b == '\n') {
          lines++;
          addLine(lineStart, place - 1, blank, lines);
          lineStart = place;
          blank = true;
        } else {
          blank &= b == ' ' || b == '\t' || b == '\r';
        }
      }
      checkLength(lineStart, place, lines + 1);
    }
    addLine(lineStart, place, blank, lines + 1);
    skipByteOrderMark();
  }

  private void addLine(long start, long end, boolean blank, long lineNumber) {
    checkLength(start, end, lineNumber);
    if (blank) {
      return;
    }
    if (count == starts.length) {
      if (count > (1 << 30)) {
        throw new InputException(
            "The file '%s' has more than a billion lines: split it.".formatted(file));
      }
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    starts[count] = start;
    ends[count++] = end;
  }

  private void checkLength(long start, long end, long lineNumber) {
    if (end - start > maxLineBytes) {
      throw new InputException(
          "%s:%d is longer than the %,d bytes allowed for a line. Is this a JSONL file, one object a line?"
              .formatted(file, lineNumber, maxLineBytes));
    }
  }

  private void skipByteOrderMark() {
    byte[] mark = "\uFEFF".getBytes(StandardCharsets.UTF_8);
    if (count > 0 && starts[0] == 0 && ends[0] >= mark.length) {
      if (Arrays.equals(Arrays.copyOf(line(0), mark.length), mark)) {
        starts[0] = mark.length;
      }
    }
  }
}
