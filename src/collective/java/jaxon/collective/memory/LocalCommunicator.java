package jaxon.collective.memory;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jaxon.collective.Call;
import jaxon.collective.CollectiveException;
import jaxon.collective.CollectiveMismatchException;
import jaxon.collective.CollectiveWords;
import jaxon.collective.Communicator;
import jaxon.collective.PeerLostException;
import jaxon.collective.QueuedCommunicator;

/// A rank's place in a group of a [LocalWorld].
final class LocalCommunicator extends QueuedCommunicator {
  private final LocalGroup group;
  private final LocalWorld world;
  private final LocalWork work;

  LocalCommunicator(LocalGroup group, int rank) {
    LocalRank state = group.world().rank(group.members().get(rank));
    super(rank, group.members(), state.queue(), state.recorder(), state.transfers());
    this.group = group;
    this.world = group.world();
    this.work = new LocalWork(group, rank, state);
  }

  @Override
  protected Communicator group(int place, List<Integer> members) {
    return world.rank(members.get(place)).communicator(world.group(members), place);
  }

  @Override
  protected void execute(Call call, CollectiveWords words) {
    long start = System.nanoTime();
    if (world.failure().isPresent()) {
      throw broken(words, start);
    }
    group.publish(rank(), call);
    meet(words, start);
    try {
      checkAgreement(words);
    } catch (CollectiveMismatchException e) {
      world.fail(words.rank(), e);
      throw e;
    }
    if (!world.enterWork()) {
      throw broken(words, start);
    }
    share(call, words);
    meet(words, start);
  }

  private void share(Call call, CollectiveWords words) {
    boolean done = false;
    try {
      work.run(call);
      done = true;
    } catch (RuntimeException | Error e) {
      world.fail(words.rank(), e);
      throw e;
    } finally {
      world.leaveWork();
      if (!done) {
        world.awaitNoneAtWork();
      }
    }
  }

  /// Waits until all ranks are here.
  private void meet(CollectiveWords words, long start) {
    long deadline = start + world.deadline().toNanos();
    if (group.barrier().await(rank(), deadline, this::mustGiveUp)) {
      return;
    }
    List<Integer> late = group.barrier().behind(rank()).stream().map(group.members()::get).toList();
    Optional<Integer> ended = late.stream().filter(r -> world.rank(r).hasEnded()).findFirst();
    long waited = System.nanoTime() - start;
    if (ended.isPresent() && world.failure().isEmpty()) {
      world.fail(ended.get(), words.lost(ended.get(), "its thread has ended", waited, null));
    } else if (world.failure().isEmpty() && !late.isEmpty()) {
      String what = "which has not come (late ranks: " + late + ")";
      world.fail(words.rank(), words.timeout(late.getFirst(), what, waited));
    }
    throw broken(words, start);
  }

  private boolean mustGiveUp() {
    return world.failure().isPresent()
        || group.barrier().behind(rank()).stream()
            .anyMatch(r -> world.rank(group.members().get(r)).hasEnded());
  }

  /// The error of a world that is broken, in the words of this rank.
  private CollectiveException broken(CollectiveWords words, long start) {
    world.awaitNoneAtWork();
    LocalWorld.Failure failure = world.failure().orElseThrow();
    Throwable cause = failure.cause();
    if (failure.rank() == words.rank() && cause instanceof CollectiveException own) {
      return own;
    }
    long waited = System.nanoTime() - start;
    return switch (cause) {
      case PeerLostException e -> words.lost(e.peer(), "its thread has ended", waited, e);
      case CollectiveException e -> words.aborted(failure.rank(), e.getMessage(), e);
      default -> words.lost(failure.rank(), "it threw " + cause, waited, cause);
    };
  }

  private void checkAgreement(CollectiveWords words) {
    for (int r = 0; r < size(); r++) {
      if (!group.call(r).header().equals(words.header())) {
        String calls =
            IntStream.range(0, size())
                .mapToObj(i -> group.members().get(i) + " " + group.call(i).header().text())
                .collect(Collectors.joining("; rank ", "rank ", ""));
        throw new CollectiveMismatchException(
            "%s: the ranks called different collectives: %s".formatted(words, calls),
            group.members().get(r),
            null);
      }
    }
    work.checkParts(group.call(rank()), words);
  }

  @Override
  public void abort(Throwable cause) {
    world.fail(members().get(rank()), cause);
  }

  @Override
  public void lost(int rank, String reason) {
    world.fail(rank, new IllegalStateException(reason));
  }

  /// Does nothing: the world owns what its ranks use.
  @Override
  public void close() {}
}
