package jaxon.input.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import jaxon.input.source.InputException;

/// Learns a byte-level BPE vocabulary: again and again the most frequent pair of neighbours becomes
/// a token.
///
/// Source: Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword Units",
/// ACL 2016, over bytes as in Radford et al. 2019. Of two pairs as frequent the one with the
/// smaller ids wins, so a corpus gives one vocabulary whatever the order of its documents. Ids:
/// special tokens, the 256 bytes, then the merges in order of learning.
public final class BpeTrainer {
  private final int vocabSize;
  private final long minFrequency;
  private final List<String> specialTokens;

  /// @param vocabSize the ids wanted, special tokens and bytes included
  /// @param minFrequency pairs that are rarer are not merged
  /// @throws InputException if the size has no room for the bytes or a special token is empty or
  ///   double
  public BpeTrainer(int vocabSize, long minFrequency, List<String> specialTokens) {
    this.vocabSize = vocabSize;
    this.minFrequency = Math.max(1, minFrequency);
    this.specialTokens = List.copyOf(specialTokens);
    int least = 256 + specialTokens.size();
    if (vocabSize < least || vocabSize > 1 << 24) {
      throw new InputException(
          "A vocabulary of %,d tokens was asked for: it must hold the 256 bytes and %d special tokens, so at least %,d, and at most %,d."
              .formatted(vocabSize, specialTokens.size(), least, 1 << 24));
    }
    if (new LinkedHashSet<>(specialTokens).size() != specialTokens.size()
        || specialTokens.stream().anyMatch(String::isEmpty)) {
      throw new InputException(
          "Special tokens must be different and not empty; given were %s."
              .formatted(specialTokens));
    }
  }

  /// Learns from `counts`; the vocabulary is smaller than asked if no frequent pair is left.
  ///
  /// @param progress told the size of the vocabulary now and then
  public BpeModel train(WordCounts counts, IntConsumer progress) {
    int firstByte = specialTokens.size();
    List<String> tokens = new ArrayList<>(specialTokens);
    for (char symbol : ByteAlphabet.sorted()) {
      tokens.add(String.valueOf(symbol));
    }
    PairCounts pairs = new PairCounts();
    for (WordCounts.Word word : counts.sorted()) {
      pairs.addWord(symbols(word.text(), firstByte), word.count());
    }
    BpeVocabulary vocabulary = new BpeVocabulary(tokens, firstByte);
    // A set: where two ways give one token, an old pair can come up again.
    Set<BpeModel.Merge> merges = new LinkedHashSet<>();
    while (vocabulary.size() < vocabSize) {
      PairCounts.Pair best = pairs.mostFrequent();
      if (best == null || best.count() < minFrequency) {
        break;
      }
      merges.add(new BpeModel.Merge(vocabulary.token(best.left()), vocabulary.token(best.right())));
      pairs.merge(best, vocabulary.merged(best.left(), best.right()));
      if (merges.size() % 256 == 0) {
        progress.accept(vocabulary.size());
      }
    }
    progress.accept(vocabulary.size());
    return new BpeModel(counts.pattern(), specialTokens, vocabulary.tokens(), List.copyOf(merges));
  }

  private static int[] symbols(String word, int firstByte) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    int[] symbols = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = firstByte + ByteAlphabet.rank(Byte.toUnsignedInt(bytes[i]));
    }
    return symbols;
  }
}
