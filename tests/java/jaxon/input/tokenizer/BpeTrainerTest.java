package jaxon.input.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import jaxon.input.source.InputException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {

  @Test
  void mergesTheMostFrequentPairFirst() {
    BpeModel model = train(256 + 3, 1, "hug hug hug pug pug bun");
    assertThat(model.merges())
        .containsExactly(
            new BpeModel.Merge("u", "g"),
            new BpeModel.Merge("h", "ug"),
            new BpeModel.Merge("p", "ug"));
    assertThat(model.tokens()).hasSize(259).endsWith("ug", "hug", "pug");
  }

  /// The incremental counts must give what counting everything again before each merge gives.
  @Test
  void agreesWithCountingFromScratch() {
    for (int seed = 0; seed < 30; seed++) {
      String text = randomText(seed);
      assertThat(train(256 + 60, 2, text).merges())
          .as("corpus %d", seed)
          .isEqualTo(slowMerges(text, 60));
    }
  }

  @Test
  void doesNotDependOnTheOrderOfDocuments() {
    WordCounts forward = new WordCounts(WordPattern.LLAMA3);
    WordCounts backward = new WordCounts(WordPattern.LLAMA3);
    for (int i = 0; i < 20; i++) {
      forward.add(randomText(i));
      backward.add(randomText(19 - i));
    }
    BpeTrainer trainer = new BpeTrainer(400, 1, List.of("<s>"));
    assertThat(trainer.train(forward, _ -> {})).isEqualTo(trainer.train(backward, _ -> {}));
  }

  @Test
  void stopsAtTheMinimumFrequency() {
    assertThat(train(1000, 3, "ab ab ab cd cd").merges())
        .containsExactly(new BpeModel.Merge("a", "b"));
    assertThat(train(1000, 1, "").tokens()).hasSize(256);
  }

  @Test
  void refusesImpossibleSizesAndSpecialTokens() {
    assertThatThrownBy(() -> new BpeTrainer(256, 1, List.of("<s>")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 257");
    assertThatThrownBy(() -> new BpeTrainer(300, 1, List.of("<s>", "<s>")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("<s>");
  }

  @Test
  void wordsKeepEveryCharacter() {
    String text = "It's  12345 o'clock,\r\n\n\t I'LL…  日本\u00a0x \uD83D\uDE00!!\n ";
    for (WordPattern pattern : WordPattern.values()) {
      StringBuilder joined = new StringBuilder();
      pattern.pattern().matcher(text).results().forEach(word -> joined.append(word.group()));
      assertThat(joined).as(pattern.name()).hasToString(text);
    }
    assertThat(words(WordPattern.GPT2, "it's 12345\n\n x"))
        .containsExactly("it", "'s", " 12345", "\n\n", " x");
    assertThat(words(WordPattern.LLAMA3, "IT'S 12345\n\n x"))
        .containsExactly("IT", "'S", " ", "123", "45", "\n\n", " x");
  }

  private static List<String> words(WordPattern pattern, String text) {
    return pattern.pattern().matcher(text).results().map(word -> word.group()).toList();
  }

  private static BpeModel train(int vocabSize, long minFrequency, String text) {
    WordCounts counts = new WordCounts(WordPattern.GPT2);
    counts.add(text);
    return new BpeTrainer(vocabSize, minFrequency, List.of()).train(counts, _ -> {});
  }

  private static String randomText(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append("aaab cé ".charAt(random.nextInt(8)));
    }
    return text.toString();
  }

  /// BPE by its definition, quadratic; at least two occurrences.
  private static List<BpeModel.Merge> slowMerges(String text, int most) {
    List<List<String>> words = new ArrayList<>();
    for (String word : words(WordPattern.GPT2, text)) {
      List<String> symbols = new ArrayList<>();
      for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
        symbols.add(String.valueOf(ByteAlphabet.of(Byte.toUnsignedInt(b))));
      }
      words.add(symbols);
    }
    List<String> known = new ArrayList<>();
    for (char c : ByteAlphabet.sorted()) {
      known.add(String.valueOf(c));
    }
    List<BpeModel.Merge> merges = new ArrayList<>();
    while (known.size() < 256 + most) {
      BpeModel.Merge best = mostFrequent(words, known);
      if (best == null) {
        break;
      }
      if (!merges.contains(best)) {
        merges.add(best);
      }
      if (!known.contains(best.left() + best.right())) {
        known.add(best.left() + best.right());
      }
      words.forEach(word -> apply(word, best));
    }
    return merges;
  }

  private static BpeModel.@Nullable Merge mostFrequent(
      List<List<String>> words, List<String> known) {
    Map<BpeModel.Merge, Integer> counts = new HashMap<>();
    for (List<String> word : words) {
      for (int i = 0; i + 1 < word.size(); i++) {
        counts.merge(new BpeModel.Merge(word.get(i), word.get(i + 1)), 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= 2)
        .min((x, y) -> {
          int byCount = Integer.compare(y.getValue(), x.getValue());
          int byLeft =
              Integer.compare(known.indexOf(x.getKey().left()), known.indexOf(y.getKey().left()));
          int byRight =
              Integer.compare(known.indexOf(x.getKey().right()), known.indexOf(y.getKey().right()));
          return byCount != 0 ? byCount : byLeft != 0 ? byLeft : byRight;
        })
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private static void apply(List<String> word, BpeModel.Merge merge) {
    for (int i = 0; i + 1 < word.size(); i++) {
      if (word.get(i).equals(merge.left()) && word.get(i + 1).equals(merge.right())) {
        word.set(i, merge.left() + merge.right());
        word.remove(i + 1);
      }
    }
  }
}
