package jaxon.cluster.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/// Copies the lines of a process, each with a prefix and in one piece.
final class LinePump implements Runnable {
  /// A longer line is cut into several.
  private static final int LONGEST_LINE = 1 << 16;

  private final InputStream in;
  private final PrintStream out;
  private final byte[] prefix;
  private final Predicate<String> wanted;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /// @param wanted which lines to copy
  LinePump(InputStream in, PrintStream out, String prefix, Predicate<String> wanted) {
    this.in = in;
    this.out = out;
    this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    this.wanted = wanted;
  }

  @Override
  public void run() {
    byte[] chunk = new byte[8192];
    try (in) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        for (int i = 0; i < n; i++) {
          take(chunk[i]);
        }
      }
    } catch (IOException e) {
      // The process was ended while its output was read.
      System.getLogger("jaxon.cluster.launch").log(System.Logger.Level.DEBUG, "output ended", e);
    }
    if (line.size() > 0) {
      flush();
    }
  }

  private void take(byte next) {
    if (next == '\n') {
      flush();
      return;
    }
    line.write(next);
    if (line.size() == LONGEST_LINE) {
      flush();
    }
  }

  private void flush() {
    // Latin 1 keeps all bytes as they are, in whatever charset they mean something.
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (wanted.test(text)) {
      synchronized (out) {
        out.write(prefix, 0, prefix.length);
        out.write(line.toByteArray(), 0, line.size());
        out.write('\n');
        out.flush();
      }
    }
    line.reset();
  }
}
