package jaxon.input.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The words of a corpus as symbols, and how often each pair of neighbours occurs in them.
///
/// A merge touches only the words that hold the pair. The queue is lazy: a pair whose count has
/// fallen since it was queued is queued again with its true count when it comes up.
final class PairCounts {
  private static final Comparator<Candidate> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(Candidate::count)
          .reversed()
          .thenComparingInt(candidate -> candidate.pair().left)
          .thenComparingInt(candidate -> candidate.pair().right);

  private final List<int[]> words = new ArrayList<>();
  private final List<Long> wordCounts = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(MOST_FREQUENT_FIRST);

  /// Pairs that became more frequent since they were queued, in order of appearance.
  private final List<Pair> risen = new ArrayList<>();

  /// Two neighbouring symbols.
  static final class Pair {
    private final int left;
    private final int right;
    private long count;
    private boolean listed;
    private TokenBuffer words = new TokenBuffer();

    private Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }

    int left() {
      return left;
    }

    int right() {
      return right;
    }

    long count() {
      return count;
    }
  }

  private record Candidate(long count, Pair pair) {}

  void addWord(int[] symbols, long count) {
    int word = words.size();
    words.add(symbols);
    wordCounts.add(count);
    for (int i = 0; i + 1 < symbols.length; i++) {
      raise(symbols[i], symbols[i + 1], word, count);
    }
  }

  /// The most frequent pair, of equals the one with the smaller symbols; null if there is none.
  @Nullable Pair mostFrequent() {
    queueRisen();
    while (true) {
      Candidate candidate = queue.poll();
      if (candidate == null) {
        return null;
      }
      Pair pair = candidate.pair();
      if (pair.count == candidate.count() && pair.count > 0) {
        return pair;
      }
      if (pair.count > 0 && pair.count < candidate.count()) {
        queue.add(new Candidate(pair.count, pair));
      }
    }
  }

  /// Replaces `pair` by `symbol` in every word.
  void merge(Pair pair, int symbol) {
    TokenBuffer holders = pair.words;
    pair.words = new TokenBuffer();
    for (int i = 0; i < holders.size(); i++) {
      mergeIn(holders.get(i), pair, symbol);
    }
    pairs.remove(key(pair.left, pair.right));
  }

  /// A word may be listed twice, or may have lost the pair: then it is left as it is.
  private void mergeIn(int word, Pair pair, int symbol) {
    int[] before = words.get(word);
    int[] after = replace(before, pair, symbol);
    if (after.length == before.length) {
      return;
    }
    long count = wordCounts.get(word);
    words.set(word, after);
    for (int i = 0; i + 1 < before.length; i++) {
      existing(before[i], before[i + 1]).count -= count;
    }
    for (int i = 0; i + 1 < after.length; i++) {
      if (after[i] == symbol || after[i + 1] == symbol) {
        raise(after[i], after[i + 1], word, count);
      } else {
        existing(after[i], after[i + 1]).count += count;
      }
    }
  }

  private static int[] replace(int[] symbols, Pair pair, int symbol) {
    TokenBuffer replaced = new TokenBuffer();
    int i = 0;
    while (i < symbols.length) {
      boolean here =
          i + 1 < symbols.length && symbols[i] == pair.left && symbols[i + 1] == pair.right;
      replaced.add(here ? symbol : symbols[i]);
      i += here ? 2 : 1;
    }
    return replaced.toArray();
  }

  private Pair existing(int left, int right) {
    Pair pair = pairs.get(key(left, right));
    if (pair == null) {
      throw new IllegalStateException("pair (%d, %d) was never counted".formatted(left, right));
    }
    return pair;
  }

  private void raise(int left, int right, int word, long count) {
    Pair pair = pairs.computeIfAbsent(key(left, right), _ -> new Pair(left, right));
    pair.count += count;
    TokenBuffer holders = pair.words;
    if (holders.size() == 0 || holders.get(holders.size() - 1) != word) {
      holders.add(word);
    }
    if (!pair.listed) {
      pair.listed = true;
      risen.add(pair);
    }
  }

  private void queueRisen() {
    for (Pair pair : risen) {
      pair.listed = false;
      if (pair.count > 0) {
        queue.add(new Candidate(pair.count, pair));
      }
    }
    risen.clear();
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }
}
