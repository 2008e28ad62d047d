package jaxon.cluster;

/// Hears of processes that are gone.
@FunctionalInterface
public interface LossListener {
  /// Called once for each, on a thread of the cluster's own that must not be held up for long.
  void onLoss(LostProcess lost);
}
