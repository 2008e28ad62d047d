package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;

/// Where a slot is in memory: an address that may move between runs, and what must move with it.
final class Anchor {
  /// The address of what is not bound yet; never read or written.
  static final long NOWHERE = 4096;

  private long address;
  private final List<Tensor.Follower> followers = new ArrayList<>();

  Anchor(long address) {
    this.address = address;
  }

  long address() {
    return address;
  }

  void follow(Tensor.Follower follower) {
    followers.add(follower);
  }

  /// Moves the slot; costs nothing when it is there already.
  void moveTo(long target) {
    if (target == address) {
      return;
    }
    long distance = target - address;
    address = target;
    for (int i = 0; i < followers.size(); i++) {
      followers.get(i).moved(distance);
    }
  }
}
