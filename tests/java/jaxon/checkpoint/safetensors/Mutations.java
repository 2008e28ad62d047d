package jaxon.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import jaxon.checkpoint.CheckpointException;

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

  /// Has `count` mutants of `good` read: each is refused with an error of ours or read to its end,
  /// and some of them are read, at least half refused.
  ///
  /// @param write puts a mutant where it is read
  public static void assertRefusedOrRead(
      String what, int count, byte[] good, SplittableRandom random, Writing write, Runnable read)
      throws IOException {
    int refused = 0;
    for (int n = 0; n < count; n++) {
      write.write(of(good, random));
      Throwable thrown = catchThrowable(read::run);
      if (thrown != null) {
        assertThat(thrown).as("%s %d", what, n).isInstanceOf(CheckpointException.class);
        refused++;
      }
    }
    assertThat(refused).as(what).isBetween(count / 2, count - 1);
  }

  /// Writes the bytes of a file.
  @FunctionalInterface
  public interface Writing {
    void write(byte[] content) throws IOException;
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
