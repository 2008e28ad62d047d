package jaxon.layers;

import jaxon.graph.trace.Array;

/// Keeps logits between -cap and cap: cap · tanh(x / cap), as Gemma 2 does.
public final class SoftCap {
  private SoftCap() {}

  /// The capped values; nearly `x` where that is much smaller than `cap`.
  public static Array apply(Array x, double cap) {
    return x.div(cap).tanh().mul(cap);
  }
}
