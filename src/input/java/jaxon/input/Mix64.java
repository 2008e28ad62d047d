package jaxon.input;

/// A fast 64-bit mixing function: the finalizer of SplitMix64.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, with
/// Stafford's variant 13 of the constants. It is a bijection, good enough to spread indices, and
/// has nothing to do with secrecy.
final class Mix64 {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Mix64() {}

  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// A key that depends on both values and on their order.
  static long combine(long key, long value) {
    return mix(mix(key + GOLDEN_GAMMA) + (value + 1) * GOLDEN_GAMMA);
  }

  /// `hash`, as 64 random bits, scaled to `[0, bound)`.
  static long bounded(long hash, long bound) {
    return Math.unsignedMultiplyHigh(hash, bound);
  }
}
