package jaxon.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Waits until all processes are there and the coordinator has accepted them.
final class Reception {
  private static final String VERDICT = "verdict";
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration DETAILS = Duration.ofSeconds(3);
  private static final Duration READING = Duration.ofSeconds(5);

  private final HazelcastInstance member;
  private final Board board;
  private final ClusterSettings settings;
  private final Deadline deadline;
  private final String me;

  Reception(HazelcastInstance member, Board board, ClusterSettings settings, Deadline deadline) {
    this.member = member;
    this.board = board;
    this.settings = settings;
    this.deadline = deadline;
    this.me = member.getCluster().getLocalMember().getUuid().toString();
  }

  /// The processes of the run, by number.
  ///
  /// @throws ClusterUsageException if they do not belong together
  /// @throws ClusterException if they did not all come
  List<Identity> pass() {
    return settings.isCoordinator() ? receive() : present();
  }

  /// All who are there, the coordinator first.
  List<Identity> roll() {
    return member.getCluster().getMembers().stream().map(Identity::of).toList();
  }

  private List<Identity> receive() {
    Map<String, Identity> seen = new TreeMap<>();
    while (true) {
      long changes = board.changes();
      List<Identity> present = roll();
      Optional<Verdict> verdict = judge(present, seen);
      if (verdict.isPresent()) {
        return announce(verdict.get(), present);
      }
      present.forEach(one -> seen.put(one.uuid(), one));
      board.awaitChange(changes, deadline.left(LOOK));
    }
  }

  /// What is to be said of those who are present; empty while more are to come.
  private Optional<Verdict> judge(List<Identity> present, Map<String, Identity> seen) {
    Optional<String> conflict = RollCall.conflict(present);
    if (conflict.isPresent()) {
      return Optional.of(new Verdict.Refused(conflict.get()));
    }
    Optional<Identity> other = RollCall.otherConfiguration(present);
    if (other.isPresent()) {
      return Optional.of(new Verdict.Refused(compare(present.getFirst(), other.get())));
    }
    if (present.size() == settings.processes()) {
      return Optional.of(
          new Verdict.Accepted(byNumber(present).stream().map(Identity::uuid).toList()));
    }
    Optional<Identity> left =
        seen.values().stream().filter(one -> !present.contains(one)).findFirst();
    if (left.isPresent()) {
      return Optional.of(
          new Verdict.Failed(
              "%s left before all %d had joined; it was killed, or its own message tells why"
                  .formatted(left.get().describe(), settings.processes())));
    }
    return deadline.isOver()
        ? Optional.of(new Verdict.Failed(RollCall.incomplete(present, settings)))
        : Optional.empty();
  }

  private static List<Identity> byNumber(List<Identity> present) {
    return present.stream().sorted(Comparator.comparingInt(Identity::processId)).toList();
  }

  /// Names the differences, as far as the other process has told its configuration.
  private String compare(Identity first, Identity other) {
    String key = configuration(other.uuid());
    board.await(List.of(key), () -> {}, Deadline.in(deadline.left(DETAILS)));
    List<String> differences =
        board
            .heard(key)
            .map(text -> Agreement.differences(settings.agreed(), Agreement.read(text)))
            .orElse(List.of());
    return RollCall.configurationConflict(first, other, differences);
  }

  private static String configuration(String uuid) {
    return "configuration/" + uuid;
  }

  private List<Identity> announce(Verdict verdict, List<Identity> present) {
    board.put(VERDICT, verdict.write());
    return switch (verdict) {
      case Verdict.Accepted _ -> byNumber(present);
      case Verdict.Refused refused -> {
        awaitReaders(verdict);
        throw new ClusterUsageException(refused.message());
      }
      case Verdict.Failed failed -> {
        awaitReaders(verdict);
        throw new ClusterException(failed.message());
      }
    };
  }

  /// Lets the others read the verdict, and leave, before the coordinator goes. The first who leaves
  /// may take with it the only copy that the others could ask for, so the verdict is said again and
  /// again.
  private void awaitReaders(Verdict verdict) {
    Deadline reading = Deadline.in(READING);
    while (roll().size() > 1 && !reading.isOver()) {
      board.awaitChange(board.changes(), reading.left(LOOK));
      board.tryPut(VERDICT, verdict.write(), reading.left(LOOK));
    }
  }

  private List<Identity> present() {
    List<Identity> roll = roll();
    Identity mine = roll.stream().filter(one -> one.uuid().equals(me)).findFirst().orElseThrow();
    if (!mine.digest().equals(roll.getFirst().digest())) {
      board.put(configuration(me), Agreement.write(settings.agreed()));
    }
    // The coordinator counts the time, too; it answers when that is over.
    Deadline answer = Deadline.in(deadline.left().plus(READING));
    if (!board.await(List.of(VERDICT), this::checkCoordinator, answer)) {
      throw new ClusterException(RollCall.incomplete(roll(), settings));
    }
    return switch (Verdict.read(board.heard(VERDICT).orElseThrow())) {
      case Verdict.Accepted accepted -> accepted(accepted.uuids(), mine);
      case Verdict.Refused refused -> throw new ClusterUsageException(refused.message());
      case Verdict.Failed failed -> throw new ClusterException(failed.message());
    };
  }

  private void checkCoordinator() {
    if (roll().getFirst().processId() != 0 && board.ask(VERDICT, READING).isEmpty()) {
      throw new ClusterException(
          "process 0, the coordinator at %s, left before all %d processes had joined; it was killed, or its own message tells why"
              .formatted(settings.coordinator(), settings.processes()));
    }
  }

  private List<Identity> accepted(List<String> uuids, Identity mine) {
    if (!uuids.contains(me)) {
      throw new ClusterUsageException(tooLate(members(uuids), mine));
    }
    // The verdict may arrive before the list of members that it speaks of.
    Deadline arrival = Deadline.in(READING);
    while (members(uuids).size() < uuids.size() && !arrival.isOver()) {
      board.awaitChange(board.changes(), arrival.left(LOOK));
    }
    List<Identity> members = members(uuids);
    if (members.size() < uuids.size()) {
      throw new ClusterException(
          "%s left as soon as all %d had joined; it was killed, or its own message tells why"
              .formatted(missing(members), settings.processes()));
    }
    return members;
  }

  /// `process 2`: all numbers that `members` do not have.
  private String missing(List<Identity> members) {
    Set<Integer> numbers = members.stream().map(Identity::processId).collect(Collectors.toSet());
    return IntStream.range(0, settings.processes())
        .filter(id -> !numbers.contains(id))
        .mapToObj(id -> "process " + id)
        .collect(Collectors.joining(", "));
  }

  private List<Identity> members(List<String> uuids) {
    return byNumber(roll().stream().filter(one -> uuids.contains(one.uuid())).toList());
  }

  /// Why a process that came after all others is not wanted.
  private static String tooLate(List<Identity> members, Identity mine) {
    if (members.isEmpty()) {
      return "the run that " + mine.describe() + " wants to join is over";
    }
    return RollCall.conflict(members, mine)
        .orElse("the run that %s wants to join is complete".formatted(mine.describe()));
  }
}
