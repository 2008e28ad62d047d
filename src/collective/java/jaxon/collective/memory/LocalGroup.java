package jaxon.collective.memory;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jaxon.collective.Call;

/// Some ranks of a world, and where they publish their calls.
///
/// A call is published before the first barrier of its collective, read between the first and the
/// second, and replaced after the second.
final class LocalGroup {
  private final LocalWorld world;
  private final List<Integer> members;
  private final ParkingBarrier barrier;
  private final AtomicReferenceArray<Call> calls;

  LocalGroup(LocalWorld world, List<Integer> members) {
    this.world = world;
    this.members = members;
    this.barrier = new ParkingBarrier(members.size());
    this.calls = new AtomicReferenceArray<>(members.size());
  }

  LocalWorld world() {
    return world;
  }

  List<Integer> members() {
    return members;
  }

  int size() {
    return members.size();
  }

  ParkingBarrier barrier() {
    return barrier;
  }

  void publish(int rank, Call call) {
    calls.set(rank, call);
  }

  Call call(int rank) {
    return Objects.requireNonNull(calls.get(rank));
  }

  /// The call of a rank, of the kind that all ranks were found to have called.
  <C extends Call> C call(int rank, Class<C> kind) {
    return kind.cast(call(rank));
  }
}
