package jaxon.checkpoint.parquet;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of a file's frame: all its bytes but those of the chunks, in order.
///
/// With the digests of the chunks it covers every byte of the file, and it can be checked without
/// reading the chunks.
public final class FrameDigest {
  private final MessageDigest digest = sha256();

  /// Adds what remains in `bytes`, whose position stays.
  public void add(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
  }

  /// The digest in hexadecimal digits; nothing can be added afterwards.
  public String finish() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
