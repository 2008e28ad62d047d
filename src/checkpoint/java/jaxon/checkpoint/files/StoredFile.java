package jaxon.checkpoint.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/// A file that is read by position, by several threads if need be.
public interface StoredFile extends Closeable {
  /// A range of the file and the memory for it.
  ///
  /// @param into as many bytes as remain here
  /// @param position of the first
  record Range(ByteBuffer into, long position) {}

  long size() throws IOException;

  /// Fills the buffer from `position` on.
  ///
  /// @throws java.io.EOFException if the file ends before
  void read(ByteBuffer into, long position) throws IOException;

  /// The same for many bytes: hands over each piece in turn when it is there, of `most` bytes or
  /// fewer.
  default void read(ByteBuffer into, long position, int most, Consumer<ByteBuffer> pieces)
      throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      int at = into.position();
      ByteBuffer piece = into.slice(at, Math.min(most, into.remaining()));
      read(piece.duplicate(), position + at - start);
      into.position(at + piece.remaining());
      pieces.accept(piece);
    }
  }

  /// Fills all of the buffers, in any order.
  default void read(List<Range> ranges) throws IOException {
    for (Range range : ranges) {
      read(range.into(), range.position());
    }
  }
}
