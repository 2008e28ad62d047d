package jaxon.input.tokenizer;

import java.util.Arrays;

/// GPT-2's printable characters for the 256 bytes, so that any byte string is a readable string.
///
/// The printable bytes `!`–`~`, `¡`–`¬` and `®`–`ÿ` stand for themselves; the others, in order, are
/// U+0100 and up (a space is `Ġ`). Source: Radford et al. 2019, published encoder.
final class ByteAlphabet {
  private static final char[] CHARS = chars();
  private static final int[] ORDER = order();

  private ByteAlphabet() {}

  /// The character for a byte, 0 to 255.
  static char of(int value) {
    return CHARS[value];
  }

  /// The place of a byte's character among all 256 in character order.
  static int rank(int value) {
    return ORDER[value];
  }

  /// The characters in character order.
  static char[] sorted() {
    char[] sorted = CHARS.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static char[] chars() {
    char[] chars = new char[256];
    int others = 0;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~')
              || (value >= 0xa1 && value <= 0xac)
              || (value >= 0xae && value <= 0xff);
      chars[value] = (char) (printable ? value : 256 + others++);
    }
    return chars;
  }

  private static int[] order() {
    char[] sorted = sorted();
    int[] order = new int[256];
    for (int value = 0; value < 256; value++) {
      order[value] = Arrays.binarySearch(sorted, CHARS[value]);
    }
    return order;
  }
}
