package jaxon.layers;

import java.util.List;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;

/// A turn of each pair of features at each position; the same for all heads and layers.
///
/// @param cos cosines `[B, T, 1, K/2]`, float32 or float64
/// @param sin sines `[B, T, 1, K/2]`
public record Rotation(Array cos, Array sin) {
  /// Turns `x` `[B, T, heads, K]`; computed in the type of the angles, rounded to that of `x`.
  public Array apply(Array x) {
    long half = x.dim(-1) / 2;
    Array precise = x.astype(cos.dtype());
    Array first = precise.slice(-1, 0, half); // [B, T, heads, K/2]
    Array second = precise.slice(-1, half, 2 * half);
    Array turnedFirst = first.mul(cos).sub(second.mul(sin));
    Array turnedSecond = second.mul(cos).add(first.mul(sin));
    return Ops.concatenate(-1, List.of(turnedFirst, turnedSecond)).astype(x.dtype());
  }
}
