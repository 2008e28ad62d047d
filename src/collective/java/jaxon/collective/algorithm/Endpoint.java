package jaxon.collective.algorithm;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.collective.CallQueue;
import jaxon.collective.CollectiveException;
import jaxon.collective.FlightRecorder;
import jaxon.collective.TransferCounts;
import org.jspecify.annotations.Nullable;

/// What the communicators of one rank share.
final class Endpoint implements AutoCloseable {
  private final Map<List<Integer>, PeerCommunicator> communicators = new HashMap<>();
  private final Transport transport;
  private final long epoch;
  private final Duration deadline;
  private final AlgorithmChoice choice;
  private final CallQueue queue;
  private final FlightRecorder recorder;
  private final TransferCounts transfers = new TransferCounts();
  private final Scratch scratch = new Scratch();
  private volatile @Nullable CollectiveException broken;
  private volatile Transport.@Nullable Failure reported;

  Endpoint(Transport transport, long epoch, Duration deadline, AlgorithmChoice choice) {
    this.transport = transport;
    this.epoch = epoch;
    this.deadline = deadline;
    this.choice = choice;
    this.queue = new CallQueue("jaxon-collective-" + transport.rank());
    this.recorder = new FlightRecorder(transport.rank());
  }

  /// The one communicator of this rank in a group, so that its calls have one sequence.
  PeerCommunicator communicator(int place, List<Integer> members) {
    synchronized (communicators) {
      return communicators.computeIfAbsent(
          members, list -> new PeerCommunicator(this, Group.of(place, list)));
    }
  }

  Transport transport() {
    return transport;
  }

  long epoch() {
    return epoch;
  }

  Duration deadline() {
    return deadline;
  }

  AlgorithmChoice choice() {
    return choice;
  }

  CallQueue queue() {
    return queue;
  }

  FlightRecorder recorder() {
    return recorder;
  }

  TransferCounts transfers() {
    return transfers;
  }

  Scratch scratch() {
    return scratch;
  }

  /// Throws what has broken this rank before.
  void checkWhole() {
    CollectiveException before = broken;
    if (before != null) {
      throw new CollectiveException(
          "no more collectives after: " + before.getMessage(), before.peer(), before);
    }
  }

  /// Notes that a rank is gone, which the transport may not know yet.
  void report(Transport.Failure loss) {
    reported = loss;
  }

  /// Why no collective can succeed any more, if that is known.
  Optional<Transport.Failure> failure() {
    return Optional.ofNullable(reported).or(transport::failure);
  }

  /// Marks this rank as broken and tells the others.
  void fail(CollectiveException cause) {
    broken = cause;
    transport.abort(cause.getMessage());
  }

  @Override
  public void close() {
    queue.close();
    transport.close();
    scratch.close();
  }
}
