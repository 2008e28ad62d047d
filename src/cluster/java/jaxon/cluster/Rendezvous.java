package jaxon.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The processes of one run, met: they exchange texts, wait for each other, and hear of losses.
///
/// [#exchange] and [#barrier] take part in a count of their own for each name, so a name may be
/// used again; all processes must call them in the same order for each name. They are for setting
/// up and tearing down (a millisecond and some dozen bytes each, kept for the length of the run),
/// not for training steps.
///
/// A process that ends as planned calls [#close]. One that ends because of an error calls [#fail]
/// first, so that the others hear why. One that does neither is missed: within a second when its
/// connections close, as they do when it is killed; within 15 s when it falls silent.
public final class Rendezvous implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final int LONGEST_REASON = 2000;

  private final ClusterSettings settings;
  private final HazelcastInstance member;
  private final Board board;
  private final LossWatch watch;
  private final List<Identity> members;
  private final Map<String, Integer> rounds = new HashMap<>();
  private boolean closed;

  private Rendezvous(
      ClusterSettings settings, HazelcastInstance member, LossWatch watch, List<Identity> members) {
    this.settings = settings;
    this.member = member;
    this.board = watch.board();
    this.watch = watch;
    this.members = members;
  }

  /// Meets the other processes; returns when all are there and belong together.
  ///
  /// @throws ClusterUsageException if the processes were started wrongly: this one cannot listen
  ///   where it should or reach the coordinator, or two contradict each other
  /// @throws ClusterException if they did not all come in time
  public static Rendezvous join(ClusterSettings settings) {
    Deadline deadline = Deadline.in(settings.timeout());
    HazelcastInstance member = new Meeting(settings, deadline).start();
    try {
      LossWatch watch = new LossWatch(member);
      Reception reception = new Reception(member, watch.board(), settings, deadline);
      List<Identity> members = reception.pass();
      watch.expect(members, reception.roll());
      Rendezvous rendezvous = new Rendezvous(settings, member, watch, members);
      rendezvous.barrier("joined");
      return rendezvous;
    } catch (RuntimeException | Error e) {
      member.getLifecycleService().terminate();
      throw e;
    }
  }

  /// The number of this process, from 0.
  public int processId() {
    return settings.processId();
  }

  /// Where the coordinator listens.
  public HostPort coordinator() {
    return settings.coordinator();
  }

  /// How many processes there are.
  public int processes() {
    return settings.processes();
  }

  /// The addresses of the hosts of all processes, by number, as this run's network knows them.
  public List<String> hosts() {
    return members.stream().map(Identity::host).toList();
  }

  /// Gives a text to all and takes theirs.
  ///
  /// @return what each process gave, by number
  /// @throws ClusterException if one is gone or does not come within the timeout
  public List<String> exchange(String key, String value) {
    return exchange(key, value, settings.timeout());
  }

  /// The same where the others may come up to `patience` later.
  public List<String> exchange(String key, String value, Duration patience) {
    String round = nextRound("exchange/" + key);
    board.put(round + processId(), value);
    List<String> keys = IntStream.range(0, processes()).mapToObj(id -> round + id).toList();
    Deadline deadline = Deadline.in(patience);
    if (!board.await(keys, () -> checkPresence(keys, key), deadline)) {
      throw new ClusterException(late(keys, key, patience));
    }
    return keys.stream().map(one -> board.heard(one).orElseThrow()).toList();
  }

  /// Waits until all processes have come to the barrier of that name.
  ///
  /// @throws ClusterException if one is gone or does not come within the timeout
  public void barrier(String name) {
    exchange("barrier " + name, "");
  }

  private synchronized String nextRound(String name) {
    if (closed) {
      throw new IllegalStateException("the rendezvous is closed");
    }
    return name + "#" + rounds.merge(name, 1, Integer::sum) + "/";
  }

  /// A process that is gone will not come any more.
  private void checkPresence(List<String> keys, String what) {
    Optional<LostProcess> lost = watch.firstLost();
    if (lost.isPresent() && lost.get().isUsage()) {
      throw new ClusterUsageException(lost.get().reason());
    }
    if (lost.isPresent()) {
      throw new ClusterException(
          "process %d stops waiting at '%s': %s"
              .formatted(processId(), what, lost.get().describe()));
    }
    for (int id = 0; id < processes(); id++) {
      if (board.heard(keys.get(id)).isEmpty() && watch.departed(id).isPresent()) {
        throw new ClusterException(
            "process %d stops waiting at '%s': %s has ended without coming there"
                .formatted(processId(), what, members.get(id).describe()));
      }
    }
  }

  private String late(List<String> keys, String what, Duration patience) {
    List<String> missing =
        IntStream.range(0, processes())
            .filter(id -> board.heard(keys.get(id)).isEmpty())
            .mapToObj(id -> members.get(id).describe())
            .toList();
    return "process %d waited %d s at '%s' for %s"
        .formatted(processId(), patience.toSeconds(), what, String.join(", ", missing));
  }

  /// Has a listener called for each process that is gone, also those that already are.
  public void onLoss(LossListener listener) {
    watch.add(listener);
  }

  /// Tells the others that this process ends because of an error, and leaves.
  ///
  /// @param reason what the others will report
  /// @param isUsage whether `reason` tells a mistake of the user; then it is their message, too
  public void fail(String reason, boolean isUsage) {
    if (!beginLeaving()) {
      return;
    }
    String shown =
        reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    board.tryPut(LossWatch.failure(processId()), new LastWords(shown, isUsage).write(), LAST_WORDS);
    member.getLifecycleService().terminate();
  }

  /// Says goodbye and leaves; the others do not count this process as lost.
  @Override
  public void close() {
    if (!beginLeaving()) {
      return;
    }
    boolean said = board.tryPut(LossWatch.goodbye(processId()), "", LAST_WORDS);
    if (said && watch.firstLost().isEmpty()) {
      member.shutdown();
    } else {
      member.getLifecycleService().terminate();
    }
  }

  /// Starts to leave; false if that has happened before.
  private synchronized boolean beginLeaving() {
    if (closed) {
      return false;
    }
    closed = true;
    watch.close();
    return true;
  }
}
