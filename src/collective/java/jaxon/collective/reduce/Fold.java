package jaxon.collective.reduce;

import jaxon.collective.Reduction;
import jaxon.graph.type.DType;

/// Reduces contributions, one after the other, into an accumulator.
///
/// Addresses need no alignment. A fold has no state and may be used by many threads.
public interface Fold {
  /// The fold of a reduction over elements of a type.
  static Fold of(Reduction reduction, DType dtype) {
    return switch (dtype) {
      case F32 -> new F32Fold(reduction);
      case F64 -> new F64Fold(reduction);
      case BF16 -> new Bf16Fold(reduction);
      case F16 -> new F16Fold(reduction);
      case I1, I8, I32, I64, UI8, UI32, UI64 -> new IntegerFold(reduction, dtype);
    };
  }

  /// Bytes of an element of the accumulator: f32 for the narrow floats, otherwise the type itself.
  int accumulatorBytes();

  /// Whether elements are accumulated as they are: then a contribution is an accumulator, and an
  /// accumulator a result.
  boolean isPlain();

  /// The accumulator becomes the first contribution; a copy where both are of one type.
  default void first(long source, long accumulator, long count) {
    NativeMemory.copy(source, accumulator, count * accumulatorBytes());
  }

  /// The accumulator becomes itself ∘ the next contribution.
  default void add(long source, long accumulator, long count) {
    add(accumulator, source, accumulator, count);
  }

  /// The accumulator at `target` becomes that at `sum` ∘ the next contribution; `target` may be
  /// `sum`, and in a plain fold `source`.
  void add(long sum, long source, long target, long count);

  /// Rounds the accumulator to the element type; a copy where both are of one type.
  default void finish(long accumulator, long target, long count) {
    NativeMemory.copy(accumulator, target, count * accumulatorBytes());
  }
}
