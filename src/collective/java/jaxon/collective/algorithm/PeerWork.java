package jaxon.collective.algorithm;

import java.util.ArrayList;
import java.util.List;
import jaxon.collective.Call;
import jaxon.collective.reduce.Fold;
import jaxon.collective.reduce.NativeMemory;

/// Which rounds each collective has.
final class PeerWork {
  private final Exchange x;
  private final Group group;
  private final int n;
  private final int me;

  PeerWork(Exchange exchange) {
    this.x = exchange;
    this.group = exchange.group();
    this.n = group.size();
    this.me = group.place();
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
      case Call.Barrier _ -> barrier();
    }
  }

  private void allReduce(Call.AllReduce call) {
    int elementBytes = call.dtype().bytes();
    long bytes = call.count() * elementBytes;
    long input = call.input().address();
    long output = call.output().address();
    Fold fold = Fold.of(call.reduction(), call.dtype());
    Blocks chunks = Blocks.chunks(input, n, call.count(), elementBytes);
    Blocks results = chunks.at(output);
    switch (x.choice().allReduce(n, bytes)) {
      case GATHER -> gatherAndAdd(fold, input, bytes, output);
      case HALVING_DOUBLING -> {
        reduce(AlgorithmChoice.AllToAll.HALVING, fold, chunks, results.address(me));
        Gathering.run(x, AlgorithmChoice.AllGather.DOUBLING, results);
      }
      case SCATTER_GATHER -> {
        reduce(AlgorithmChoice.AllToAll.PAIRWISE, fold, chunks, results.address(me));
        Gathering.run(x, x.choice().allGather(n, bytes / n), results);
      }
    }
  }

  private void reduce(AlgorithmChoice.AllToAll algorithm, Fold fold, Blocks input, long output) {
    Scattering.reduce(x, algorithm, fold, input, output);
  }

  /// Every rank gets every contribution whole and adds them up itself.
  private void gatherAndAdd(Fold fold, long input, long bytes, long output) {
    Blocks all = Blocks.even(x.scratch().blocks(n * bytes), n, bytes);
    NativeMemory.copy(input, all.address(me), bytes);
    Gathering.run(x, AlgorithmChoice.AllGather.DOUBLING, all);
    long[] contributions = new long[n];
    for (int r = 0; r < n; r++) {
      contributions[r] = all.address(r);
    }
    Scattering.addUp(x, fold, contributions, bytes, output);
  }

  private void allGather(Call.AllGather call) {
    long bytes = call.count() * call.dtype().bytes();
    Blocks blocks = Blocks.even(call.output().address(), n, bytes);
    if (call.input().address() != blocks.address(me)) {
      NativeMemory.copy(call.input().address(), blocks.address(me), bytes);
    }
    Gathering.run(x, x.choice().allGather(n, bytes), blocks);
  }

  private void reduceScatter(Call.ReduceScatter call) {
    long bytes = call.count() * call.dtype().bytes();
    Blocks blocks = Blocks.even(call.input().address(), n, bytes);
    Fold fold = Fold.of(call.reduction(), call.dtype());
    reduce(x.choice().allToAll(n, bytes), fold, blocks, call.output().address());
  }

  private void allToAll(Call.AllToAll call) {
    long bytes = call.count() * call.dtype().bytes();
    Blocks input = Blocks.even(call.input().address(), n, bytes);
    Blocks output = input.at(call.output().address());
    switch (x.choice().allToAll(n, bytes)) {
      case PAIRWISE -> Scattering.pairwise(x, input, output);
      case HALVING -> {
        Blocks slots = Scattering.halving(x, input);
        for (int j = 0; j < n; j++) {
          NativeMemory.copy(slots.address(j), output.address(group.after(-j)), bytes);
        }
      }
    }
  }

  /// As the pairwise all-to-all; each message states its own size, so that both sides must agree.
  private void raggedAllToAll(Call.RaggedAllToAll call) {
    int elementBytes = call.dtype().bytes();
    long[] sendAt = starts(call.input().address(), call.sendCounts(), elementBytes);
    long[] receiveAt = starts(call.output().address(), call.receiveCounts(), elementBytes);
    List<Work> works = new ArrayList<>();
    for (int step = 1; step < n; step++) {
      int to = group.after(step);
      int from = group.after(-step);
      long sent = call.sendCounts().get(to);
      long received = call.receiveCounts().get(from);
      works.add(x.send(to, x.header().withCount(sent), Spans.of(sendAt[to], sent * elementBytes)));
      Spans spans = Spans.of(receiveAt[from], received * elementBytes);
      works.add(x.receive(from, x.header().withCount(received), spans));
    }
    NativeMemory.copy(sendAt[me], receiveAt[me], call.sendCounts().get(me) * elementBytes);
    x.run(works);
  }

  private static long[] starts(long address, List<Long> counts, int elementBytes) {
    long[] starts = new long[counts.size()];
    long at = address;
    for (int r = 0; r < starts.length; r++) {
      starts[r] = at;
      at += counts.get(r) * elementBytes;
    }
    return starts;
  }

  private void permute(Call.CollectivePermute call) {
    long bytes = call.count() * call.dtype().bytes();
    long input = call.input().address();
    long output = call.output().address();
    List<Work> works = new ArrayList<>();
    boolean target = false;
    for (Call.CollectivePermute.Pair pair : call.pairs()) {
      if (pair.target() == me) {
        target = true;
        if (pair.source() == me) {
          NativeMemory.copy(input, output, bytes);
        } else {
          works.add(x.receive(pair.source(), Spans.of(output, bytes)));
        }
      }
      if (pair.source() == me && pair.target() != me) {
        works.add(x.send(pair.target(), Spans.of(input, bytes)));
      }
    }
    if (!target) {
      NativeMemory.zero(output, bytes);
    }
    x.run(works);
  }

  private void broadcast(Call.CollectiveBroadcast call) {
    long bytes = call.count() * call.dtype().bytes();
    AlgorithmChoice.Broadcast algorithm = x.choice().broadcast(n, bytes);
    Broadcasting.run(x, algorithm, call.root(), call.buffer().address(), bytes);
  }

  /// Empty messages over distances 1, 2, 4 …: after ⌈lg n⌉ rounds each rank knows, directly or
  /// through others, that all have come (Hensgen, Finkel, Manber 1988).
  private void barrier() {
    for (int distance = 1; distance < n; distance *= 2) {
      x.run(
          x.send(group.after(distance), new Spans()),
          x.receive(group.after(-distance), new Spans()));
    }
  }
}
