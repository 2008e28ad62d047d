package jaxon.collective;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How messages speak of a collective.
///
/// @param rank this rank's place in the world
/// @param members the places of the group in the world
public record CollectiveWords(int rank, List<Integer> members, long sequence, CallHeader header) {
  private static final int SHOWN = 16;

  /// For example `rank 0: all_reduce(sum) of 10 f32 (40 bytes), #7 of group [0, 1]`.
  @Override
  public String toString() {
    return "rank %d: %s, #%d of group %s".formatted(rank, header.text(), sequence, group(members));
  }

  /// The members, shortened if there are many.
  public static String group(List<Integer> members) {
    return members.size() <= SHOWN
        ? members.toString()
        : members
            .subList(0, SHOWN)
            .toString()
            .replace("]", ", … %d in all]")
            .formatted(members.size());
  }

  /// The error of a rank that waited for `peer` until its deadline.
  public CollectiveException timeout(int peer, String what, long waitedNanos) {
    String message =
        "%s: waited %.1f s for rank %d, %s. It hangs or runs another program; compare the flight recorders of both ranks"
            .formatted(this, waitedNanos / 1e9, peer, what);
    return new CollectiveTimeoutException(message, peer, null);
  }

  /// The error of a rank that needs `peer`, which is no more, or something else if it is
  /// [CollectiveException#NO_PEER].
  public CollectiveException lost(
      int peer, String what, long waitedNanos, @Nullable Throwable cause) {
    String who = peer == CollectiveException.NO_PEER ? "" : "rank " + peer + " is lost, ";
    String message = "%s: %s%s (waited %.1f s)".formatted(this, who, what, waitedNanos / 1e9);
    return new PeerLostException(message, peer, cause);
  }

  /// The error of a rank that was told by `peer` that it gives up.
  public CollectiveException aborted(int peer, String reason, @Nullable Throwable cause) {
    String message = "%s: rank %d gave up: %s".formatted(this, peer, reason);
    return new CollectiveAbortedException(message, peer, cause);
  }
}
