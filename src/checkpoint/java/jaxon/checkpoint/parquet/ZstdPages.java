package jaxon.checkpoint.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Pages of one value each as Zstandard frames.
public final class ZstdPages implements Closeable {
  /// The fastest that is no emergency: float tensors hardly get smaller with more effort.
  private static final int LEVEL = 1;

  private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
  private ByteBuffer page = ByteBuffer.allocateDirect(0);
  private ByteBuffer frame = ByteBuffer.allocateDirect(0);

  ZstdPages() {}

  /// The page of a value, compressed; valid until the next call.
  ByteBuffer compress(ByteBuffer value) {
    int size = pageBytes(value.remaining());
    page = withRoom(page, size);
    frame = withRoom(frame, Math.toIntExact(Zstd.compressBound(size)));
    page.put(ChunkDigest.prefix(value.remaining())).put(value.duplicate());
    int bytes = context.compressDirectByteBuffer(frame, 0, frame.capacity(), page, 0, size);
    return frame.limit(bytes);
  }

  private static ByteBuffer withRoom(ByteBuffer known, int bytes) {
    return known.capacity() >= bytes ? known.clear() : ByteBuffer.allocateDirect(bytes);
  }

  /// The size of a page with a value of so many bytes.
  public static int pageBytes(long valueBytes) {
    return Math.toIntExact(Math.addExact(valueBytes, Integer.BYTES));
  }

  /// The most that the page of a value of so many bytes is compressed to, roughly.
  public static long mostBytes(long valueBytes) {
    return valueBytes + valueBytes / 128 + 1024;
  }

  /// Fills `page` from a frame, both outside of the heap; the value begins behind the first four
  /// bytes.
  ///
  /// @throws IOException if the frame is not of a page of this size with one value
  public static void decompress(ByteBuffer frame, ByteBuffer page) throws IOException {
    int size = page.remaining();
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      int found = context.decompressDirectByteBuffer(page, 0, size, frame, 0, frame.remaining());
      ByteBuffer prefix = ChunkDigest.prefix(size - Integer.BYTES);
      if (found != size || !page.slice(0, Integer.BYTES).equals(prefix)) {
        throw new IOException("%,d bytes where a value of %,d was".formatted(found, size));
      }
    } catch (ZstdException e) {
      throw new IOException("it is not what Zstandard writes: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
