package jaxon.input.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jaxon.input.source.InputException;
import org.junit.jupiter.api.Test;

class ByteTokenizerTest {
  private final ByteTokenizer tokenizer = new ByteTokenizer();

  @Test
  void givesUtf8Bytes() {
    assertThat(tokenizer.encode("aé€")).containsExactly('a', 0xc3, 0xa9, 0xe2, 0x82, 0xac);
    assertThat(tokenizer.vocabSize()).isEqualTo(259);
    assertThat(tokenizer.bosId()).hasValue(256);
    assertThat(tokenizer.eosId()).hasValue(257);
    assertThat(tokenizer.padId()).hasValue(258);
  }

  @Test
  void roundTrips() {
    String text = "To be — or not?\n\t\u0000 日本語 👩‍👩‍👧";
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void decodingSkipsSpecialsAndReplacesMalformedBytes() {
    assertThat(tokenizer.decode(new int[] {256, 'h', 'i', 257, 258, 300})).isEqualTo("hi");
    assertThat(tokenizer.decode(new int[] {'a', 0xc3, 'b', 0xff})).isEqualTo("a\uFFFDb\uFFFD");
    assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).isInstanceOf(InputException.class);
  }
}
