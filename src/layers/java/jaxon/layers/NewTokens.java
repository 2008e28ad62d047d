package jaxon.layers;

import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;

/// Tokens by which the sequences of a [KvCache] grow.
public sealed interface NewTokens {
  /// The tokens, `i32[B, T]`.
  Array tokens();

  /// Their positions, `i32[B, T]`.
  Array positions();

  /// Puts keys and values of one layer into the cache and attends to all that the queries see.
  Attended attend(DotProductAttention form, Array q, Array k, Array v, KvCache cache, Array layer);

  /// What [#attend] gives.
  ///
  /// @param out `[B, T, H, K]`
  /// @param cache the cache with the new keys and values
  record Attended(Array out, KvCache cache) {}

  /// The start of one sequence, which takes the place of what was in its row.
  ///
  /// @param tokens `i32[1, T]`; those from `length` on are padding, whose keys no later step sees
  /// @param length `i32[]`, at least 1
  /// @param row `i32[]`
  record Prompt(Array tokens, Array length, Array row) implements NewTokens {
    @Override
    public Array positions() {
      return Ops.iota(tokens.type(), 1);
    }

    @Override
    public Attended attend(
        DotProductAttention form, Array q, Array k, Array v, KvCache cache, Array layer) {
      Array segments = positions().lt(length).astype(DType.I32);
      Array out = form.apply(q, k, v, segments, segments);
      return new Attended(out, cache.with(layer, row, Ops.constant(DType.I32, 0), k, v));
    }
  }

  /// One more token for each row.
  ///
  /// @param tokens `i32[B, 1]`
  /// @param positions `i32[B, 1]`, each below the number of slots
  record Step(Array tokens, Array positions) implements NewTokens {
    @Override
    public Attended attend(
        DotProductAttention form, Array q, Array k, Array v, KvCache cache, Array layer) {
      KvCache grown = cache;
      for (int row = 0; row < tokens.dim(0); row++) {
        // Rows have different lengths: each has a window of its own in the cache.
        grown =
            grown.with(
                layer,
                Ops.constant(DType.I32, row),
                positions.slice(0, row, row + 1).reshape(),
                k.slice(0, row, row + 1),
                v.slice(0, row, row + 1));
      }
      return new Attended(new CachedAttention(form).apply(q, grown, layer, positions), grown);
    }
  }
}
