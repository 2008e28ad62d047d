package jaxon.collective;

import java.util.Locale;

/// The kinds of collectives, named as StableHLO names them where it has them.
public enum CollectiveKind {
  ALL_REDUCE,
  ALL_GATHER,
  REDUCE_SCATTER,
  ALL_TO_ALL,
  RAGGED_ALL_TO_ALL,
  COLLECTIVE_PERMUTE,
  COLLECTIVE_BROADCAST,
  BARRIER;

  /// The spelling of messages and tables, for example `all_reduce`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
