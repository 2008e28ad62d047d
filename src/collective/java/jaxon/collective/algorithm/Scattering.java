package jaxon.collective.algorithm;

import java.util.ArrayList;
import java.util.List;
import jaxon.collective.reduce.Fold;
import jaxon.collective.reduce.NativeMemory;

/// All-to-alls, and the reduce-scatters that are made of them: each rank has a block for each rank.
final class Scattering {
  private Scattering() {}

  /// Every block is sent to its rank at once, each rank beginning with the one after it.
  static void pairwise(Exchange x, Blocks input, Blocks output) {
    Group group = x.group();
    int me = group.place();
    List<Work> works = new ArrayList<>();
    for (int step = 1; step < group.size(); step++) {
      int to = group.after(step);
      int from = group.after(-step);
      works.add(x.send(to, Spans.of(input.address(to), input.length(to))));
      works.add(x.receive(from, Spans.of(output.address(from), output.length(from))));
    }
    NativeMemory.copy(input.address(me), output.address(me), input.length(me));
    x.run(works);
  }

  /// The block of rank r for rank r+j makes a hop of 2ᵏ ranks for each bit k of j: in round k each
  /// rank sends all blocks whose bit k is set in one message.
  ///
  /// @return the blocks for this rank: block j comes from the rank j before it
  static Blocks halving(Exchange x, Blocks input) {
    Group group = x.group();
    int n = group.size();
    long slot = input.longest();
    long memory = x.scratch().blocks(2L * n * slot);
    Blocks slots = Blocks.even(memory, n, slot);
    // What arrives is not what is sent in the same round, so it needs a place of its own.
    Blocks arrivals = slots.at(memory + n * slot);
    for (int j = 0; j < n; j++) {
      int to = group.after(j);
      NativeMemory.copy(input.address(to), slots.address(j), input.length(to));
    }
    for (int bit = 1; bit < n; bit *= 2) {
      Spans sent = new Spans();
      Spans received = new Spans();
      for (int j = bit; j < n; j++) {
        if ((j & bit) != 0) {
          int low = j & (bit - 1);
          int low2 = j & (2 * bit - 1);
          sent.add(slots.address(j), input.length(group.after(j - low)));
          received.add(arrivals.address(j), input.length(group.after(j - low2)));
        }
      }
      x.run(x.send(group.after(bit), sent), x.receive(group.after(-bit), received));
      for (int j = bit; j < n; j++) {
        if ((j & bit) != 0) {
          NativeMemory.copy(arrivals.address(j), slots.address(j), slot);
        }
      }
    }
    return slots;
  }

  /// The sum, in the order of the ranks, of all ranks' blocks for this rank.
  static void reduce(
      Exchange x, AlgorithmChoice.AllToAll algorithm, Fold fold, Blocks input, long output) {
    switch (algorithm) {
      case PAIRWISE -> reducePairwise(x, fold, input, output);
      case HALVING -> {
        Blocks slots = halving(x, input);
        int n = x.group().size();
        long[] contributions = new long[n];
        for (int r = 0; r < n; r++) {
          contributions[r] = slots.address(Math.floorMod(x.group().place() - r, n));
        }
        addUp(x, fold, contributions, input.length(x.group().place()), output);
      }
    }
  }

  private static void reducePairwise(Exchange x, Fold fold, Blocks input, long output) {
    Group group = x.group();
    int me = group.place();
    List<Work> works = new ArrayList<>();
    for (int step = 1; step < group.size(); step++) {
      int to = group.after(step);
      works.add(x.send(to, Spans.of(input.address(to), input.length(to))));
    }
    works.add(new OrderedFold(x, fold, input.address(me), input.length(me), output));
    x.run(works);
  }

  /// Adds contributions that are all here, `bytes` each.
  static void addUp(Exchange x, Fold fold, long[] contributions, long bytes, long output) {
    int elementBytes = x.header().dtype().bytes();
    long most = Spans.PIECE / elementBytes;
    long accumulator = x.scratch().accumulator(most * fold.accumulatorBytes());
    for (long at = 0; at < bytes; at += most * elementBytes) {
      long count = Math.min(most, (bytes - at) / elementBytes);
      fold.first(contributions[0] + at, accumulator, count);
      for (int r = 1; r < contributions.length; r++) {
        fold.add(contributions[r] + at, accumulator, count);
      }
      fold.finish(accumulator, output + at, count);
    }
  }
}
