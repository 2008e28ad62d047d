package jaxon.checkpoint.parquet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// What the bytes of a chunk are checked against: 16 hexadecimal digits.
///
/// The first eight are CRC-32C of the bytes; the last eight CRC-32 of their number (`int32`,
/// little-endian) followed by the bytes, which is the CRC that Parquet keeps of the chunk's page.
/// Two polynomials find what one would miss with odds of 1 in 2^64, and both are as fast as memory,
/// which no cryptographic digest is. They guard against accidents, not against forgery.
public final class ChunkDigest {
  private ChunkDigest() {}

  /// The digest of what remains in `data`, whose position stays.
  public static String of(ByteBuffer data) {
    return of(data, pageCrc(data));
  }

  static String of(ByteBuffer data, int pageCrc) {
    CRC32C crc = new CRC32C();
    crc.update(data.duplicate());
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits((int) crc.getValue()) + hex.toHexDigits(pageCrc);
  }

  /// CRC-32 of a page that holds `data` as its only value.
  static int pageCrc(ByteBuffer data) {
    CRC32 crc = new CRC32();
    crc.update(prefix(data.remaining()));
    crc.update(data.duplicate());
    return (int) crc.getValue();
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
