package jaxon.checkpoint.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A file that is being written, from its beginning on.
public interface NewFile extends Closeable {
  /// Appends all that remains in the buffer.
  void write(ByteBuffer bytes) throws IOException;

  /// Makes the content durable. If this fails, the file must not be relied upon, whatever a second
  /// attempt says: the system may have dropped the pages that it could not write.
  void force() throws IOException;
}
