package jaxon.digest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of bytes that come one after the other.
public final class Sha256 {
  /// The length of a digest.
  public static final int BYTES = 32;

  private final MessageDigest digest;

  /// The digest of nothing so far.
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The digest of all bytes of `content`.
  public static byte[] of(byte[] content) {
    return new Sha256().digest.digest(content);
  }

  /// The same in hexadecimal digits.
  public static String hex(byte[] content) {
    return HexFormat.of().formatHex(of(content));
  }

  /// The digest of a text in UTF-8, in hexadecimal digits.
  public static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds what remains in `bytes`, whose position stays.
  public void add(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
  }

  /// The digest in hexadecimal digits; nothing can be added afterwards.
  public String finish() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
