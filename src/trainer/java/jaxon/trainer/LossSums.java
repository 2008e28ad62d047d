package jaxon.trainer;

import jaxon.graph.trace.Array;

/// Sums over the counted tokens of a batch, each `f32[]`: what losses are averaged from.
///
/// @param total cross entropy and z-loss
/// @param zLoss the z-loss alone
/// @param weights number of counted tokens
record LossSums(Array total, Array zLoss, Array weights) {
  LossSums add(LossSums other) {
    return new LossSums(total.add(other.total), zLoss.add(other.zLoss), weights.add(other.weights));
  }
}
