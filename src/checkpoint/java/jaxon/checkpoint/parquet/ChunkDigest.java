package jaxon.checkpoint.parquet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// What the bytes of a chunk are checked against, as they are in the file: 16 hexadecimal digits.
///
/// The first eight are CRC-32C of the bytes; the last eight are the CRC-32 that Parquet keeps of
/// the chunk's page. The page is the bytes if they are compressed; if not, it is their number
/// (`int32`, little-endian) followed by the bytes. Both are as fast as memory, which no
/// cryptographic digest is. They guard against accidents, not against forgery: the first alone
/// misses one in 2^32 of them and none of up to three bits, so reading takes no more; both miss one
/// in 2^64.
public final class ChunkDigest {
  /// What is added to one of the two before the other: it is still in the core's cache then.
  private static final int PIECE = 1 << 18;

  private final CRC32C bytes = new CRC32C();
  private final Optional<CRC32> page;

  private ChunkDigest(Optional<CRC32> page) {
    this.page = page;
  }

  /// The digest of so many bytes that are not compressed, before the first of them.
  public static ChunkDigest ofValue(int length) {
    CRC32 page = new CRC32();
    page.update(prefix(length));
    return new ChunkDigest(Optional.of(page));
  }

  /// The digest of compressed bytes, before the first of them.
  public static ChunkDigest ofCompressed() {
    return new ChunkDigest(Optional.of(new CRC32()));
  }

  /// The first half of the digest of any bytes, before the first of them.
  public static ChunkDigest firstHalf() {
    return new ChunkDigest(Optional.empty());
  }

  /// Adds what remains in `data`, whose position stays.
  public ChunkDigest add(ByteBuffer data) {
    for (int at = data.position(); at < data.limit(); at += PIECE) {
      ByteBuffer piece = data.slice(at, Math.min(PIECE, data.limit() - at));
      page.ifPresent(crc -> crc.update(piece.duplicate()));
      bytes.update(piece);
    }
    return this;
  }

  /// The digest of what was added, or its first half.
  public String text() {
    HexFormat hex = HexFormat.of();
    String first = hex.toHexDigits((int) bytes.getValue());
    return page.isEmpty() ? first : first + hex.toHexDigits(pageCrc());
  }

  /// CRC-32 of the page.
  int pageCrc() {
    return (int) page.orElseThrow().getValue();
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
