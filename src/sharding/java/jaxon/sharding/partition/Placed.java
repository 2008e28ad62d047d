package jaxon.sharding.partition;

import java.util.Optional;
import jaxon.graph.Var;
import jaxon.sharding.TensorSharding;

/// A value of the global graph as the per-device program has it.
///
/// @param local this device's part
/// @param sharding how the value (or the fold of its partial values) is cut
record Placed(Var local, TensorSharding sharding, Optional<Partial> partial) {
  Placed(Var local, TensorSharding sharding) {
    this(local, sharding, Optional.empty());
  }
}
