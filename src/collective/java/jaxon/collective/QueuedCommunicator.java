package jaxon.collective;

import java.util.List;

/// What all communicators share: order, sequence numbers, the flight recorder.
public abstract class QueuedCommunicator implements Communicator {
  private final int rank;
  private final List<Integer> members;
  private final CallQueue queue;
  private final FlightRecorder recorder;
  private final TransferCounts transfers;
  private long sequence;

  /// The communicator of place `rank` in a group of ranks at the places `members` of the world; the
  /// others are shared by all communicators of the rank.
  protected QueuedCommunicator(
      int rank,
      List<Integer> members,
      CallQueue queue,
      FlightRecorder recorder,
      TransferCounts transfers) {
    this.rank = rank;
    this.members = List.copyOf(members);
    this.queue = queue;
    this.recorder = recorder;
    this.transfers = transfers;
  }

  /// Carries out one call, after all before it, and returns when this rank's result is complete.
  protected abstract void execute(Call call, CollectiveWords words);

  /// The communicator of the ranks at the places `world` of the world; `place` is this one's.
  protected abstract Communicator group(int place, List<Integer> world);

  @Override
  public final int rank() {
    return rank;
  }

  @Override
  public final int size() {
    return members.size();
  }

  @Override
  public final List<Integer> members() {
    return members;
  }

  @Override
  public final FlightRecorder recorder() {
    return recorder;
  }

  @Override
  public final TransferCounts transfers() {
    return transfers;
  }

  @Override
  public final void run(Call call) {
    queue.run(prepare(call));
  }

  @Override
  public final Pending start(Call call) {
    return queue.start(prepare(call));
  }

  private Runnable prepare(Call call) {
    call.check(rank, size());
    CallHeader header = call.header();
    CollectiveWords words = new CollectiveWords(members.get(rank), members, sequence++, header);
    long entry = recorder.queued(words.sequence(), members, header);
    return () -> {
      recorder.started(entry);
      boolean done = false;
      try {
        execute(call, words);
        done = true;
      } finally {
        recorder.ended(entry, done);
      }
    };
  }

  @Override
  public final Communicator split(List<Integer> chosen) {
    List<Integer> world = chosen.stream().map(members::get).toList();
    int place = chosen.indexOf(rank);
    if (place < 0 || chosen.stream().distinct().count() != chosen.size()) {
      throw new IllegalArgumentException(
          "split: members must be distinct ranks and have rank %d, which calls, among them, got %s"
              .formatted(rank, chosen));
    }
    return group(place, world);
  }
}
