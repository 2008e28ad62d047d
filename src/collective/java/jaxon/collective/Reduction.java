package jaxon.collective;

import java.util.Locale;

/// How elements of different ranks become one.
///
/// Integers wrap; a maximum or minimum with a NaN is NaN; for `i1` sum and max are *or*, product
/// and min are *and*, as StableHLO's `add` and `multiply` on it are.
public enum Reduction {
  SUM,
  MAX,
  MIN,
  PRODUCT;

  /// The spelling of messages, for example `sum`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
