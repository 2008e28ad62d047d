package jaxon.input.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jaxon.input.source.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceTokenizerTest {
  private static final String TEXT =
      "The quick brown fox — it's 1234567 o'clock!\r\n\n\n  \t x\u00a0y 日本語のテキスト "
          + "👩‍👩‍👧 naïve café \u200b العربية\n";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(WordPattern.class)
  void loadsWhatTheTrainerWroteAndRoundTrips(WordPattern pattern) {
    write(pattern, List.of("<s>", "</s>", "<pad>"));
    try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(directory.toString())) {
      assertThat(tokenizer.vocabSize()).isEqualTo(330);
      assertThat(tokenizer.bosId()).hasValue(0);
      assertThat(tokenizer.eosId()).hasValue(1);
      assertThat(tokenizer.padId()).hasValue(2);
      int[] ids = tokenizer.encode(TEXT);
      assertThat(ids.length).isLessThan(new ByteTokenizer().encode(TEXT).length);
      assertThat(tokenizer.decode(ids)).isEqualTo(TEXT);
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.decode(new int[0])).isEmpty();
      assertThat(tokenizer.decode(new int[] {1_000_000, Integer.MAX_VALUE})).isEmpty();
      assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).isInstanceOf(InputException.class);
      assertThat(tokenizer.decode(new int[] {0, ids[0], 1}))
          .isEqualTo(tokenizer.decode(ids).substring(0, 3));
    }
  }

  @Test
  void encodingInBlocksGivesTheSameIds() {
    write(WordPattern.GPT2, List.of());
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 2 * TextBlocks.BLOCK_CHARS + 1000; i++) {
      text.append("line ").append(i).append(i % 3 == 0 ? "\n\n" : "\n");
    }
    List<String> blocks = TextBlocks.of(text.toString());
    assertThat(blocks).hasSize(3);
    assertThat(String.join("", blocks)).isEqualTo(text.toString());
    try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(directory.toString())) {
      List<String> fine = TextBlocks.of(text.substring(0, 50_000), 1000);
      assertThat(fine).hasSizeGreaterThan(40);
      int[] joined =
          fine.stream().flatMapToInt(block -> Arrays.stream(tokenizer.encode(block))).toArray();
      assertThat(joined).isEqualTo(tokenizer.encode(text.substring(0, 50_000)));
    }
  }

  @Test
  void specialTokensComeFromTheConfigBesideTheFile() throws IOException {
    write(WordPattern.GPT2, List.of("<a>", "<b>", "</s>"));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<b>", "lstrip": false}, "eos_token": "<a>", "pad_token": null}
        """);
    try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(directory.toString())) {
      assertThat(tokenizer.bosId()).hasValue(1);
      assertThat(tokenizer.eosId()).hasValue(0);
      assertThat(tokenizer.padId()).isEmpty();
    }
  }

  @Test
  void withoutAConfigOnlyWellKnownNamesAreSpecial() {
    write(WordPattern.GPT2, List.of("<mine>", "<|endoftext|>"));
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.open(directory.resolve("tokenizer.json").toString())) {
      assertThat(tokenizer.bosId()).isEmpty();
      assertThat(tokenizer.eosId()).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[1, 2]",
        "{}",
        "{\"model\": 1}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": \"x\"}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"b c\"]}}",
        "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {\"a\": 0}}}",
      })
  void malformedFilesAreNamed(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), content);
    assertThatThrownBy(() -> HuggingFaceTokenizer.open(file.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void missingFilesAreNamed() {
    assertThatThrownBy(() -> HuggingFaceTokenizer.open(directory.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer.json");
    assertThatThrownBy(() -> HuggingFaceTokenizer.open(" "))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("byte tokenizer");
  }

  private void write(WordPattern pattern, List<String> special) {
    WordCounts counts = new WordCounts(pattern);
    counts.add(TEXT.repeat(3));
    counts.add("line 1\nline 2\nthe quick brown fox\n".repeat(20));
    BpeModel model = new BpeTrainer(330, 1, special).train(counts, _ -> {});
    assertThat(model.tokens()).hasSize(330);
    TokenizerFile.write(model, directory.resolve("tokenizer.json"));
  }
}
