package jaxon.checkpoint.parquet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// What the bytes of a chunk are checked against, as they are in the file: 16 hexadecimal digits.
///
/// The first eight are CRC-32C of the bytes; the last eight are the CRC-32 that Parquet keeps of
/// the chunk's page. The page is the bytes if they are compressed; if not, it is their number
/// (`int32`, little-endian) followed by the bytes. Two polynomials find what one would miss with
/// odds of 1 in 2^64, and both are as fast as memory, which no cryptographic digest is. They guard
/// against accidents, not against forgery.
public final class ChunkDigest {
  private final CRC32C bytes = new CRC32C();
  private final CRC32 page = new CRC32();

  private ChunkDigest() {}

  /// The digest of so many bytes that are not compressed, before the first of them.
  public static ChunkDigest ofValue(int length) {
    ChunkDigest digest = new ChunkDigest();
    digest.page.update(prefix(length));
    return digest;
  }

  /// The digest of compressed bytes, before the first of them.
  public static ChunkDigest ofCompressed() {
    return new ChunkDigest();
  }

  /// Adds what remains in `data`, whose position stays.
  public ChunkDigest add(ByteBuffer data) {
    page.update(data.duplicate());
    bytes.update(data.duplicate());
    return this;
  }

  /// The digest of what was added.
  public String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits((int) bytes.getValue()) + hex.toHexDigits(pageCrc());
  }

  /// CRC-32 of the page.
  int pageCrc() {
    return (int) page.getValue();
  }

  /// How PLAIN encoding announces a value of so many bytes.
  static ByteBuffer prefix(int length) {
    return ByteBuffer.wrap(prefixBytes(length));
  }

  static byte[] prefixBytes(int length) {
    return new byte[] {
      (byte) length, (byte) (length >> 8), (byte) (length >> 16), (byte) (length >> 24)
    };
  }
}
