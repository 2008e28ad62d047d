package jaxon.input.tokenizer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// How often each word occurs in a corpus.
public final class WordCounts {
  /// Longer words are cut: they are data without spaces, and the cost of a merge grows with a word.
  private static final int MAX_WORD_CHARS = 512;

  private final WordPattern pattern;
  private final Map<String, long[]> counts = new HashMap<>();
  private long words;

  public WordCounts(WordPattern pattern) {
    this.pattern = pattern;
  }

  /// A word and its number of occurrences.
  record Word(String text, long count) {}

  /// Counts the words of `text`.
  public void add(String text) {
    Matcher matcher = pattern.pattern().matcher(text);
    while (matcher.find()) {
      for (int from = matcher.start(); from < matcher.end(); from += MAX_WORD_CHARS) {
        String word = text.substring(from, Math.min(from + MAX_WORD_CHARS, matcher.end()));
        counts.computeIfAbsent(word, _ -> new long[1])[0]++;
        words++;
      }
    }
  }

  /// All words counted so far.
  public long words() {
    return words;
  }

  /// The different words counted so far.
  public int distinct() {
    return counts.size();
  }

  WordPattern pattern() {
    return pattern;
  }

  /// The words in a fixed order.
  List<Word> sorted() {
    return counts.entrySet().stream()
        .map(entry -> new Word(entry.getKey(), entry.getValue()[0]))
        .sorted(Comparator.comparing(Word::text))
        .toList();
  }
}
