package jaxon.checkpoint.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A file that is read by position, by several threads if need be.
public interface StoredFile extends Closeable {
  long size() throws IOException;

  /// Fills the buffer from `position` on.
  ///
  /// @throws java.io.EOFException if the file ends before
  void read(ByteBuffer into, long position) throws IOException;
}
