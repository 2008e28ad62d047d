package jaxon.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jaxon.input.tokenizer.ByteTokenizer;
import org.junit.jupiter.api.Test;

/// Pieces of text, byte by byte.
class TextStreamTest {
  private final ByteTokenizer tokenizer = new ByteTokenizer();

  @Test
  void givesWholeCharacters() {
    assertThat(pieces("ab", "né😀!")).containsExactly("n", "é", "😀", "!");
  }

  @Test
  void charactersOfThePromptDoNotMatter() {
    assertThat(pieces("é😀éé", "x")).containsExactly("x");
    assertThat(pieces("", "x")).containsExactly("x");
  }

  @Test
  void bytesThatAreNoTextBecomeReplacements() {
    TextStream stream = new TextStream(tokenizer, tokenizer.encode("a"));
    assertThat(stream.add(0xC3)).isEmpty();
    assertThat(stream.add('b')).isEqualTo("\uFFFDb");
    assertThat(stream.add(0xC3)).isEmpty();
    assertThat(stream.end()).isEqualTo("\uFFFD");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void specialTokensGiveNothing() {
    TextStream stream = new TextStream(tokenizer, new int[] {256});
    assertThat(stream.add(256)).isEmpty();
    assertThat(stream.add('a')).isEqualTo("a");
    assertThat(stream.end()).isEmpty();
  }

  private List<String> pieces(String prompt, String text) {
    TextStream stream = new TextStream(tokenizer, tokenizer.encode(prompt));
    List<String> pieces = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      String piece = stream.add(b & 0xFF);
      if (!piece.isEmpty()) {
        pieces.add(piece);
      }
    }
    assertThat(stream.end()).isEmpty();
    return pieces;
  }
}
