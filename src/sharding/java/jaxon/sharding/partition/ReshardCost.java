package jaxon.sharding.partition;

import java.util.List;
import jaxon.sharding.Mesh;

/// Bytes that one device sends for a route, by the lower bounds of the collectives.
///
/// With n devices and S bytes of the largest tensor involved (before a reduction, after a gather):
/// all_reduce 2(n−1)/n·S, reduce_scatter, all_gather and all_to_all (n−1)/n·S.
final class ReshardCost {
  private ReshardCost() {}

  /// Bytes sent for `steps` from a local tensor of `bytes`.
  static double bytes(List<ReshardStep> steps, double bytes, Mesh mesh) {
    double sent = 0;
    double size = bytes;
    for (ReshardStep step : steps) {
      double n = mesh.size(step.axes());
      double share = (n - 1) / n;
      switch (step) {
        case ReshardStep.AllReduce _ -> sent += 2 * share * size;
        case ReshardStep.ReduceScatter _ -> {
          sent += share * size;
          size /= n;
        }
        case ReshardStep.AllGather _ -> {
          size *= n;
          sent += share * size;
        }
        case ReshardStep.AllToAll _ -> sent += share * size;
        case ReshardStep.Slice _ -> size /= n;
      }
    }
    return sent;
  }
}
