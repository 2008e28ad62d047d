package jaxon.collective.bench;

import jaxon.collective.CollectiveKind;

/// One collective at one size, with the bandwidths of nccl-tests (its `doc/PERFORMANCE.md`).
///
/// @param bytes of the whole vector: what all ranks have together, for kinds that deal it out
/// @param count elements of it
/// @param microseconds for one call, on the slowest rank
/// @param algorithmBandwidth `bytes` by time, in GB/s
/// @param busBandwidth what the slowest link carries, in GB/s: independent of the number of ranks
public record BenchmarkRow(
    CollectiveKind kind,
    long bytes,
    long count,
    double microseconds,
    double algorithmBandwidth,
    double busBandwidth) {

  static BenchmarkRow of(
      CollectiveKind kind, int ranks, long bytes, int elementBytes, double nanos) {
    double bandwidth = bytes / nanos;
    double bus = bandwidth * busFactor(kind, ranks);
    return new BenchmarkRow(kind, bytes, bytes / elementBytes, nanos / 1e3, bandwidth, bus);
  }

  /// Bytes that a rank must send for each byte of the vector.
  static double busFactor(CollectiveKind kind, int ranks) {
    double others = (ranks - 1.0) / ranks;
    return switch (kind) {
      case ALL_REDUCE -> 2 * others;
      case ALL_GATHER, REDUCE_SCATTER, ALL_TO_ALL, RAGGED_ALL_TO_ALL -> others;
      case COLLECTIVE_PERMUTE, COLLECTIVE_BROADCAST -> 1;
      case BARRIER -> 0;
    };
  }
}
