package jaxon.sharding.partition;

import java.util.List;

/// One step from a sharding to another, on dims that are blocks.
sealed interface ReshardStep {
  /// The axes that the step is about, in the order of the group.
  List<String> axes();

  /// Partial values become whole values.
  record AllReduce(List<String> axes) implements ReshardStep {}

  /// Partial values become values cut further along `dim`.
  record ReduceScatter(int dim, List<String> axes) implements ReshardStep {}

  /// The minor axes of `dim` go.
  record AllGather(int dim, List<String> axes) implements ReshardStep {}

  /// The minor axes of dim `concat` become the minor axes of dim `split`.
  record AllToAll(int split, int concat, List<String> axes) implements ReshardStep {}

  /// Each device keeps its block of what it has along `dim`; nothing is sent.
  record Slice(int dim, List<String> axes) implements ReshardStep {}
}
