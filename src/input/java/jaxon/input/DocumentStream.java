package jaxon.input;

import java.util.Arrays;
import jaxon.input.source.InputException;
import org.jspecify.annotations.Nullable;

/// The documents of all epochs in one order, read at a [Cursor].
///
/// A document of `m` tokens is `m - 1` pairs (token, next token); one of fewer than two tokens is
/// passed over. Not for several threads: it keeps the document it read last.
final class DocumentStream {
  private final TokenCorpus corpus;
  private final boolean shuffle;
  private final long seed;
  private final long epochs;

  private long permutedEpoch = -1;
  private @Nullable KeyedPermutation permutation;
  private long cachedDocument = -1;
  private int[] cachedTokens = {};

  /// The stream of `epochs` passes over `corpus`; 0 for no end.
  DocumentStream(TokenCorpus corpus, boolean shuffle, long seed, long epochs) {
    this.corpus = corpus;
    this.shuffle = shuffle;
    this.seed = seed;
    this.epochs = epochs == 0 ? Long.MAX_VALUE : epochs;
  }

  /// Whether `at` is before the end.
  boolean contains(Cursor at) {
    return at.epoch() < epochs && at.position() < corpus.size();
  }

  /// The number of the document at `at`.
  long document(Cursor at) {
    if (!shuffle) {
      return at.position();
    }
    KeyedPermutation order = permutation;
    if (order == null || permutedEpoch != at.epoch()) {
      order = new KeyedPermutation(corpus.size(), Mix64.combine(seed, at.epoch()));
      permutation = order;
      permutedEpoch = at.epoch();
    }
    return order.at(at.position());
  }

  /// All tokens of the document at `at`.
  int[] tokens(Cursor at) {
    long document = document(at);
    if (document != cachedDocument) {
      cachedTokens = corpus.tokens(document);
      cachedDocument = document;
    }
    return cachedTokens;
  }

  /// The pairs of the document at `at` that are not used yet.
  long remaining(Cursor at) {
    return tokens(at).length - 1 - at.offset();
  }

  /// The place `pairs` pairs further on in the same document, or the next document if that is its
  /// end.
  private Cursor advance(Cursor at, int pairs) {
    return at.offset() + pairs < tokens(at).length - 1
        ? new Cursor(at.epoch(), at.position(), at.offset() + pairs)
        : following(at);
  }

  /// The first place from `from` on that has a pair to give, or one outside the stream at its end.
  ///
  /// @throws InputException if no document of a whole epoch has two tokens
  Cursor settle(Cursor from) {
    Cursor at = from;
    long passed = 0;
    while (contains(at) && remaining(at) <= 0) {
      if (++passed > corpus.size()) {
        throw new InputException(
            "None of the %,d documents has two tokens or more, so there is nothing to predict."
                .formatted(corpus.size()));
      }
      at = following(at);
    }
    return at;
  }

  /// The tokens of `pairs` pairs from `at`: `pairs + 1` of them.
  private int[] slice(Cursor at, int pairs) {
    int from = Math.toIntExact(at.offset());
    return Arrays.copyOfRange(tokens(at), from, from + pairs + 1);
  }

  /// Puts `pairs` pairs from `at` into `row` as a segment; the place after them.
  Cursor put(BatchBuilder batch, int row, Cursor at, int pairs) {
    batch.add(new SegmentOrigin(row, at.epoch(), document(at), at.offset()), slice(at, pairs));
    return settle(advance(at, pairs));
  }

  /// What of the stream a saved position depends on.
  String signature() {
    return "documents=%d shuffle=%s seed=%d".formatted(corpus.size(), shuffle, seed);
  }

  /// The beginning of the next document.
  Cursor following(Cursor at) {
    return at.position() + 1 < corpus.size()
        ? new Cursor(at.epoch(), at.position() + 1, 0)
        : new Cursor(at.epoch() + 1, 0, 0);
  }
}
