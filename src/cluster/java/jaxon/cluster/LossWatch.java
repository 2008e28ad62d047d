package jaxon.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/// Hears which processes leave, and tells those that left without a goodbye.
final class LossWatch implements MembershipListener {
  private static final System.Logger LOG = System.getLogger("jaxon.cluster");

  /// How long to look for each of two notes that may still be on their way.
  private static final Duration LAST_NOTE = Duration.ofMillis(300);

  private static final String NO_GOODBYE = "it left without a goodbye (killed, crashed or cut off)";

  private static final String FAILURE = "failure/";

  private final Board board;
  private final ExecutorService teller =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cluster-watch").factory());
  private final List<LossListener> listeners = new ArrayList<>();
  private final Map<Integer, LostProcess> lost = new LinkedHashMap<>();
  private final Map<Integer, Identity> departed = new LinkedHashMap<>();
  private List<Identity> members = List.of();
  private boolean closed;

  LossWatch(HazelcastInstance member) {
    board = new Board(member, this::onNote);
    member.getCluster().addMembershipListener(this);
  }

  Board board() {
    return board;
  }

  static String goodbye(int processId) {
    return "goodbye/" + processId;
  }

  static String failure(int processId) {
    return FAILURE + processId;
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    board.changed();
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    Identity gone = Identity.of(event.getMember());
    run(() -> onRemoved(gone));
  }

  private void run(Runnable task) {
    try {
      teller.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "heard after the end", e);
    }
  }

  private void onRemoved(Identity gone) {
    synchronized (this) {
      // One that was sent away is not missed.
      if (closed || !members.contains(gone)) {
        board.changed();
        return;
      }
    }
    int id = gone.processId();
    // Notes and departures come on different ways: the departure may be here before the reason.
    boolean orderly =
        board.heard(failure(id)).isEmpty() && board.ask(goodbye(id), LAST_NOTE).isPresent();
    Optional<String> failure = orderly ? Optional.empty() : board.ask(failure(id), LAST_NOTE);
    synchronized (this) {
      departed.put(id, gone);
    }
    if (orderly) {
      board.changed();
    } else {
      report(gone, failure.map(LastWords::read).orElse(new LastWords(NO_GOODBYE, false)));
    }
  }

  private void report(Identity gone, LastWords words) {
    LostProcess process =
        new LostProcess(gone.processId(), gone.host(), gone.pid(), words.reason(), words.isUsage());
    List<LossListener> told;
    synchronized (this) {
      if (closed || lost.putIfAbsent(process.processId(), process) != null) {
        return;
      }
      told = List.copyOf(listeners);
    }
    board.changed();
    told.forEach(listener -> tell(listener, process));
  }

  private static void tell(LossListener listener, LostProcess process) {
    try {
      listener.onLoss(process);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a listener of lost processes failed", e);
    }
  }

  private void onNote(String key, String value) {
    if (key.startsWith(FAILURE)) {
      run(() -> onFailure(key, value));
    }
  }

  /// A process says that it fails and will end.
  private void onFailure(String key, String reason) {
    List<Identity> failing;
    synchronized (this) {
      failing = members.stream().filter(one -> failure(one.processId()).equals(key)).toList();
    }
    failing.forEach(one -> report(one, LastWords.read(reason)));
  }

  /// From here on, these processes are missed.
  ///
  /// @param present who is there now
  void expect(List<Identity> wanted, List<Identity> present) {
    synchronized (this) {
      members = List.copyOf(wanted);
    }
    wanted.stream().filter(one -> !present.contains(one)).forEach(one -> run(() -> onRemoved(one)));
  }

  /// Adds a listener, which also hears of those that are already gone.
  synchronized void add(LossListener listener) {
    listeners.add(listener);
    List.copyOf(lost.values()).forEach(process -> run(() -> tell(listener, process)));
  }

  synchronized Optional<LostProcess> firstLost() {
    return lost.values().stream().findFirst();
  }

  /// The process, if it has left, orderly or not.
  synchronized Optional<Identity> departed(int processId) {
    return Optional.ofNullable(departed.get(processId));
  }

  /// No more is told.
  void close() {
    synchronized (this) {
      closed = true;
    }
    teller.shutdownNow();
  }
}
