package jaxon.checkpoint.safetensors;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Random changes of files.
public final class Mutations {
  private static final String LIKELY = "{}[]\":,0123456789-.eE\\untrlfas \n\t\0";

  private Mutations() {}

  /// `good` after one to four random changes.
  public static byte[] of(byte[] good, SplittableRandom random) {
    byte[] bytes = good;
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 1; i++) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, SplittableRandom random) {
    int at = random.nextInt(bytes.length);
    int count = 1 + random.nextInt(Math.min(16, bytes.length - at));
    return switch (random.nextInt(5)) {
      case 0 -> replaced(bytes, at, (byte) (bytes[at] ^ (1 << random.nextInt(8))));
      case 1 -> replaced(bytes, at, (byte) LIKELY.charAt(random.nextInt(LIKELY.length())));
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> spliced(bytes, at, at + count, new byte[0]);
      default -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + count));
    };
  }

  private static byte[] replaced(byte[] bytes, int at, byte value) {
    byte[] changed = bytes.clone();
    changed[at] = value;
    return changed;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] with) {
    byte[] changed = new byte[from + with.length + bytes.length - to];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(with, 0, changed, from, with.length);
    System.arraycopy(bytes, to, changed, from + with.length, bytes.length - to);
    return changed;
  }
}
