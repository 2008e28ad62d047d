package jaxon.input.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import jaxon.input.source.InputException;

/// The bytes of the text as UTF-8: ids 0 to 255, then begin (256), end (257) and padding (258).
///
/// It needs no file and loses nothing, which makes it the tokenizer for tests and first runs.
public final class ByteTokenizer implements Tokenizer {
  /// The number of ids.
  public static final int VOCAB_SIZE = 259;

  static final int BOS = 256;
  static final int EOS = 257;
  static final int PAD = 258;

  @Override
  public int vocabSize() {
    return VOCAB_SIZE;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return ids;
  }

  /// {@inheritDoc} Ids above 255 are left out: a model's vocabulary is often padded beyond the
  /// tokenizer's.
  @Override
  public String decode(int[] ids) {
    byte[] bytes = new byte[ids.length];
    int count = 0;
    for (int id : ids) {
      if (id < 0) {
        throw new InputException("Token id %d is negative: ids start at 0.".formatted(id));
      }
      if (id < BOS) {
        bytes[count++] = (byte) id;
      }
    }
    return new String(Arrays.copyOf(bytes, count), StandardCharsets.UTF_8);
  }

  @Override
  public OptionalInt bosId() {
    return OptionalInt.of(BOS);
  }

  @Override
  public OptionalInt eosId() {
    return OptionalInt.of(EOS);
  }

  @Override
  public OptionalInt padId() {
    return OptionalInt.of(PAD);
  }

  @Override
  public String describe() {
    return "byte tokenizer, %d ids".formatted(vocabSize());
  }

  @Override
  public void close() {}
}
