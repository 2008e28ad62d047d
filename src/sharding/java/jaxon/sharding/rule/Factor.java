package jaxon.sharding.rule;

import java.util.Optional;
import jaxon.graph.op.ReduceOp;

/// One independent size of an op.
///
/// @param size number of its values
/// @param role what happens when devices have different parts of it
/// @param fold for [Role#FOLDED] how partial results combine
public record Factor(long size, Role role, Optional<ReduceOp.Kind> fold) {
  /// What cutting a factor means.
  public enum Role {
    /// Each device computes its part of the results from its part of the operands.
    PARALLEL,
    /// Each device computes a partial result, to be folded over the devices.
    FOLDED,
    /// Must not be cut.
    WHOLE
  }

  static Factor parallel(long size) {
    return new Factor(size, Role.PARALLEL, Optional.empty());
  }

  static Factor folded(long size, ReduceOp.Kind kind) {
    return new Factor(size, Role.FOLDED, Optional.of(kind));
  }

  static Factor whole(long size) {
    return new Factor(size, Role.WHOLE, Optional.empty());
  }
}
