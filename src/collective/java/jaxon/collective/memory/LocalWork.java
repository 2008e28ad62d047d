package jaxon.collective.memory;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jaxon.collective.Call;
import jaxon.collective.CollectiveKind;
import jaxon.collective.CollectiveMismatchException;
import jaxon.collective.CollectiveWords;
import jaxon.collective.reduce.Fold;
import jaxon.collective.reduce.NativeMemory;

/// A rank's share of a collective, between its two barriers.
final class LocalWork {
  private final LocalGroup group;
  private final int rank;
  private final int size;
  private final LocalRank state;

  LocalWork(LocalGroup group, int rank, LocalRank state) {
    this.group = group;
    this.rank = rank;
    this.size = group.size();
    this.state = state;
  }

  void run(Call call) {
    switch (call) {
      case Call.AllReduce c -> allReduce(c);
      case Call.AllGather c -> allGather(c);
      case Call.ReduceScatter c -> reduceScatter(c);
      case Call.AllToAll c -> allToAll(c);
      case Call.RaggedAllToAll c -> raggedAllToAll(c);
      case Call.CollectivePermute c -> permute(c);
      case Call.CollectiveBroadcast c -> broadcast(c);
      case Call.Barrier _ -> {}
    }
  }

  /// Reduces this rank's chunk, block by block, and writes each block into everyone's output.
  /// Nobody else touches that chunk of any rank, so outputs may lie on inputs.
  private void allReduce(Call.AllReduce call) {
    Fold fold = Fold.of(call.reduction(), call.dtype());
    int bytes = call.dtype().bytes();
    long from = call.count() * rank / size;
    long to = call.count() * (rank + 1) / size;
    for (long at = from; at < to; at += LocalRank.BLOCK) {
      long count = Math.min(LocalRank.BLOCK, to - at);
      for (int r = 0; r < size; r++) {
        contribute(fold, r, group.call(r, Call.AllReduce.class).input(), at * bytes, count);
      }
      MemorySegment own = call.output();
      fold.finish(state.accumulator(), own.address() + at * bytes, count);
      for (int r = 0; r < size; r++) {
        if (r != rank) {
          MemorySegment other = group.call(r, Call.AllReduce.class).output();
          copy(own, at * bytes, other, at * bytes, count * bytes);
        }
      }
    }
    count(CollectiveKind.ALL_REDUCE, 2 * (size - 1), 2L * (size - 1) * (to - from) * bytes);
  }

  private void contribute(Fold fold, int r, MemorySegment input, long offset, long count) {
    long source = input.address() + offset;
    if (r == 0) {
      fold.first(source, state.accumulator(), count);
    } else {
      fold.add(source, state.accumulator(), count);
    }
  }

  private void reduceScatter(Call.ReduceScatter call) {
    Fold fold = Fold.of(call.reduction(), call.dtype());
    int bytes = call.dtype().bytes();
    long chunk = rank * call.count();
    for (long at = 0; at < call.count(); at += LocalRank.BLOCK) {
      long count = Math.min(LocalRank.BLOCK, call.count() - at);
      for (int r = 0; r < size; r++) {
        MemorySegment input = group.call(r, Call.ReduceScatter.class).input();
        contribute(fold, r, input, (chunk + at) * bytes, count);
      }
      fold.finish(state.accumulator(), call.output().address() + at * bytes, count);
    }
    count(CollectiveKind.REDUCE_SCATTER, size - 1, (size - 1) * call.count() * bytes);
  }

  private void allGather(Call.AllGather call) {
    long bytes = call.count() * call.dtype().bytes();
    for (int r = 0; r < size; r++) {
      MemorySegment input = group.call(r, Call.AllGather.class).input();
      if (input.address() != call.output().address() + r * bytes) {
        copy(input, 0, call.output(), r * bytes, bytes);
      }
    }
    count(CollectiveKind.ALL_GATHER, size - 1, (size - 1) * bytes);
  }

  private void allToAll(Call.AllToAll call) {
    long bytes = call.count() * call.dtype().bytes();
    for (int r = 0; r < size; r++) {
      MemorySegment input = group.call(r, Call.AllToAll.class).input();
      copy(input, rank * bytes, call.output(), r * bytes, bytes);
    }
    count(CollectiveKind.ALL_TO_ALL, size - 1, (size - 1) * bytes);
  }

  private void raggedAllToAll(Call.RaggedAllToAll call) {
    int bytes = call.dtype().bytes();
    long target = 0;
    long others = 0;
    for (int r = 0; r < size; r++) {
      Call.RaggedAllToAll sender = group.call(r, Call.RaggedAllToAll.class);
      long offset = total(sender.sendCounts().subList(0, rank)) * bytes;
      long length = call.receiveCounts().get(r) * bytes;
      copy(sender.input(), offset, call.output(), target, length);
      target += length;
      others += r == rank ? 0 : length;
    }
    count(CollectiveKind.RAGGED_ALL_TO_ALL, size - 1, others);
  }

  private void permute(Call.CollectivePermute call) {
    long bytes = call.count() * call.dtype().bytes();
    for (Call.CollectivePermute.Pair pair : call.pairs()) {
      if (pair.target() == rank) {
        MemorySegment input = group.call(pair.source(), Call.CollectivePermute.class).input();
        copy(input, 0, call.output(), 0, bytes);
        if (pair.source() != rank) {
          count(CollectiveKind.COLLECTIVE_PERMUTE, 1, bytes);
        }
        return;
      }
    }
    NativeMemory.zero(call.output().address(), bytes);
  }

  private void broadcast(Call.CollectiveBroadcast call) {
    if (rank != call.root()) {
      long bytes = call.count() * call.dtype().bytes();
      MemorySegment source = group.call(call.root(), Call.CollectiveBroadcast.class).buffer();
      copy(source, 0, call.buffer(), 0, bytes);
      count(CollectiveKind.COLLECTIVE_BROADCAST, 1, bytes);
    }
  }

  /// Refuses a ragged call whose sizes are not those that the others state.
  void checkParts(Call call, CollectiveWords words) {
    if (call instanceof Call.RaggedAllToAll) {
      for (int to = 0; to < size; to++) {
        Call.RaggedAllToAll receiver = group.call(to, Call.RaggedAllToAll.class);
        for (int from = 0; from < size; from++) {
          long sent = group.call(from, Call.RaggedAllToAll.class).sendCounts().get(to);
          if (sent != receiver.receiveCounts().get(from)) {
            throw new CollectiveMismatchException(
                "%s: rank %d sends %,d elements to rank %d, which expects %,d"
                    .formatted(
                        words,
                        group.members().get(from),
                        sent,
                        group.members().get(to),
                        receiver.receiveCounts().get(from)),
                group.members().get(from),
                null);
          }
        }
      }
    }
  }

  private static long total(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private static void copy(
      MemorySegment source, long offset, MemorySegment target, long targetOffset, long bytes) {
    NativeMemory.copy(source.address() + offset, target.address() + targetOffset, bytes);
  }

  private void count(CollectiveKind kind, int messages, long bytes) {
    state.transfers().sent(kind, messages, bytes);
  }
}
