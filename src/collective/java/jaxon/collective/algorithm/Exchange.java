package jaxon.collective.algorithm;

import java.util.List;
import java.util.Optional;
import jaxon.collective.CallHeader;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveMismatchException;
import jaxon.collective.CollectiveWords;

/// One collective of one rank on its way: carries out transfers side by side, and checks that what
/// arrives belongs to it.
final class Exchange {
  /// How long a peer that has closed may take to deliver what it sent before.
  private static final long DELIVERY_NANOS = 2_000_000_000L;

  /// Looks around for failures after so many turns in which nothing moved.
  private static final int LOOK_TURNS = 16;

  /// Takes the payload of a frame; false to take no more for now.
  @FunctionalInterface
  interface Sink {
    boolean take(long address, int length);
  }

  private final Endpoint endpoint;
  private final Transport transport;
  private final Group group;
  private final CollectiveWords words;
  private final int[] sentParts;
  private final int[] receivedParts;
  private final int maxPayload;
  private final int piece;
  private final long start = System.nanoTime();

  Exchange(Endpoint endpoint, Group group, CollectiveWords words) {
    this.endpoint = endpoint;
    this.transport = endpoint.transport();
    this.group = group;
    this.words = words;
    this.sentParts = new int[group.size()];
    this.receivedParts = new int[group.size()];
    // Whole elements of any type.
    this.maxPayload = transport.maxPayload() / Long.BYTES * Long.BYTES;
    this.piece = Spans.piece(maxPayload);
  }

  Group group() {
    return group;
  }

  CallHeader header() {
    return words.header();
  }

  Scratch scratch() {
    return endpoint.scratch();
  }

  AlgorithmChoice choice() {
    return endpoint.choice();
  }

  int maxPayload() {
    return maxPayload;
  }

  /// Bytes of a stretch that are added up together; see [Spans#piece].
  int piece() {
    return piece;
  }

  /// A transfer to the rank at place `peer` of the group.
  Sending send(int peer, Spans spans) {
    return send(peer, header(), spans);
  }

  Sending send(int peer, CallHeader stated, Spans spans) {
    endpoint.transfers().sent(stated.kind(), 1, spans.total());
    return new Sending(this, peer, stated, spans, spans::total);
  }

  /// A transfer of what `source` brings, as it comes, after the first `ready` bytes.
  Sending forward(int peer, Spans spans, long ready, Receiving source) {
    endpoint.transfers().sent(header().kind(), 1, spans.total());
    return new Sending(this, peer, header(), spans, () -> ready + source.received());
  }

  Receiving receive(int peer, Spans spans) {
    return new Receiving(this, peer, header(), spans);
  }

  Receiving receive(int peer, CallHeader expected, Spans spans) {
    return new Receiving(this, peer, expected, spans);
  }

  /// Carries out transfers side by side and returns when all are done.
  void run(Work... works) {
    run(List.of(works));
  }

  void run(List<? extends Work> works) {
    int turns = 0;
    while (true) {
      boolean done = true;
      boolean any = false;
      for (Work work : works) {
        if (!work.isDone()) {
          any |= work.progress();
          done &= work.isDone();
        }
      }
      if (done) {
        return;
      }
      if (any) {
        turns = 0;
      } else {
        transport.idle(turns++);
        if (turns >= LOOK_TURNS) {
          lookAround(works);
        }
      }
    }
  }

  private void lookAround(List<? extends Work> works) {
    long waited = System.nanoTime() - start;
    Optional<Transport.Failure> failure = endpoint.failure();
    if (failure.isPresent()) {
      Transport.Failure why = failure.get();
      throw why.lost()
          ? words.lost(why.rank(), why.reason(), waited, null)
          : words.aborted(why.rank(), why.reason(), null);
    }
    for (Work work : works) {
      if (!work.isDone()) {
        int peer = group.world(work.peer());
        if (waited > DELIVERY_NANOS && transport.hasClosed(peer)) {
          throw words.lost(peer, "it has closed its communicator", waited, null);
        }
        if (waited > endpoint.deadline().toNanos()) {
          throw words.timeout(peer, progress(work), waited);
        }
      }
    }
  }

  private String progress(Work work) {
    int received = receivedParts[work.peer()];
    return received == 0
        ? "from which nothing of this collective has come"
        : "from which %d frames of this collective have come".formatted(received);
  }

  boolean offer(int peer, CallHeader stated, long address, int length) {
    Frame frame =
        new Frame(endpoint.epoch(), group.id(), words.sequence(), stated, sentParts[peer]);
    boolean taken = transport.offer(group.world(peer), frame, address, length);
    if (taken) {
      sentParts[peer]++;
    }
    return taken;
  }

  /// Takes frames from a peer; false if there were none.
  boolean poll(int peer, CallHeader expected, Sink sink) {
    return transport.poll(
            group.world(peer),
            (frame, address, length) -> {
              if (frame.epoch() != endpoint.epoch()) {
                // Left over from a run before this one.
                return true;
              }
              check(peer, frame, expected);
              receivedParts[peer]++;
              return sink.take(address, length);
            })
        > 0;
  }

  private void check(int peer, Frame frame, CallHeader expected) {
    boolean same =
        frame.group() == group.id()
            && frame.sequence() == words.sequence()
            && frame.header().equals(expected);
    if (!same) {
      String where = frame.group() == group.id() ? "this group" : "another group";
      throw new CollectiveMismatchException(
          "%s: rank %d called something else: %s, #%d of %s"
              .formatted(words, group.world(peer), frame.header().text(), frame.sequence(), where),
          group.world(peer),
          null);
    }
    if (frame.part() != receivedParts[peer]) {
      throw new CollectiveException(
          "%s: frame %d from rank %d came where frame %d was due: the transport lost or repeated one"
              .formatted(words, frame.part(), group.world(peer), receivedParts[peer]),
          group.world(peer),
          null);
    }
  }

  void checkLength(int peer, int length, int most) {
    if (length > most || (length == 0 && most > 0)) {
      throw new CollectiveMismatchException(
          "%s: rank %d sent %d bytes where at most %d were due"
              .formatted(words, group.world(peer), length, most),
          group.world(peer),
          null);
    }
  }
}
