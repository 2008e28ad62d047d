package jaxon.layers;

import java.util.List;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Keys and values of the tokens that a model has seen, of all its layers.
///
/// Row `b` holds one sequence: the token at position `s` has slot `s`, and its keys are turned to
/// that position already. Slots from the sequence's length on hold anything and must not be seen.
///
/// @param keys `[L, B, S, G, K]`
/// @param values `[L, B, S, G, K]`
public record KvCache(Array keys, Array values) {
  /// The logical axes of keys and of values.
  public static final LogicalAxes AXES =
      LogicalAxes.of("", "cache_batch", "cache_sequence", "cache_heads", "cache_kv");

  public KvCache {
    if (keys.rank() != 5 || !keys.type().equals(values.type())) {
      throw new IllegalArgumentException(
          "a cache has keys and values [L, B, S, G, K] of one type, got "
              + keys.type()
              + " and "
              + values.type());
    }
  }

  /// A cache on placeholders, as a template of a program's inputs.
  public static KvCache template(TensorType type) {
    return new KvCache(Array.placeholder(type), Array.placeholder(type));
  }

  /// A cache of zeros.
  public static KvCache zeros(TensorType type) {
    return new KvCache(Ops.zeros(type).constrain(AXES), Ops.zeros(type).constrain(AXES));
  }

  /// This cache with `k` and `v` `[1, T, G, K]` in one row of one layer, from slot `first` on.
  ///
  /// @param layer `i32[]`
  /// @param row `i32[]`
  /// @param first `i32[]`; `first + T` must not exceed the slots
  KvCache with(Array layer, Array row, Array first, Array k, Array v) {
    Array zero = Ops.constant(DType.I32, 0);
    List<Array> at = List.of(layer, row, first, zero, zero);
    return new KvCache(
        Ops.dynamicUpdateSlice(keys, k.expandDims(0), at),
        Ops.dynamicUpdateSlice(values, v.expandDims(0), at));
  }

  /// The keys or values `[B, S, G, K]` of one layer.
  static Array ofLayer(Array all, Array layer) {
    Array zero = Ops.constant(DType.I32, 0);
    Shape one = all.shape().with(0, 1);
    return Ops.dynamicSlice(all, List.of(layer, zero, zero, zero, zero), one).squeeze(0);
  }
}
