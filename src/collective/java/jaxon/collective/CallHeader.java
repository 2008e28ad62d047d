package jaxon.collective;

import jaxon.graph.type.DType;
import org.jspecify.annotations.Nullable;

/// What a rank says about a call; the ranks of one collective must say the same.
///
/// @param reduction how elements are reduced; null where nothing is
/// @param count elements of the unit that the kind counts in (see [Call]); the ranks of a ragged
///   all_to_all state 0, as theirs may differ
/// @param detail the root of a broadcast, a digest of the pairs of a permutation, otherwise 0
public record CallHeader(
    CollectiveKind kind, @Nullable Reduction reduction, DType dtype, long count, int detail) {

  /// This header for `other` elements.
  public CallHeader withCount(long other) {
    return new CallHeader(kind, reduction, dtype, other, detail);
  }

  /// Bytes of [#count] elements.
  public long bytes() {
    return count * dtype.bytes();
  }

  /// For example `all_reduce(sum) of 10 f32 (40 bytes)`.
  public String text() {
    String what = reduction == null ? kind.text() : kind + "(" + reduction + ")";
    return switch (kind) {
      case BARRIER -> what;
      case COLLECTIVE_BROADCAST -> what + " from rank " + detail + elements();
      case COLLECTIVE_PERMUTE -> what + " of pairs " + Integer.toHexString(detail) + elements();
      case ALL_REDUCE, ALL_GATHER, REDUCE_SCATTER, ALL_TO_ALL, RAGGED_ALL_TO_ALL ->
          what + elements();
    };
  }

  private String elements() {
    return " of %,d %s (%,d bytes)".formatted(count, dtype, bytes());
  }
}
