package jaxon.collective.algorithm;

import java.util.ArrayList;
import java.util.List;

/// Broadcasts: every rank's buffer becomes that of the root.
final class Broadcasting {
  private Broadcasting() {}

  static void run(
      Exchange x, AlgorithmChoice.Broadcast algorithm, int root, long address, long bytes) {
    switch (algorithm) {
      case TREE -> tree(x, root, address, bytes);
      case CHAIN -> chain(x, root, address, bytes);
    }
  }

  /// Rank v after the root gets the buffer from v without its highest bit, and sends it to v plus
  /// each higher power of two.
  private static void tree(Exchange x, int root, long address, long bytes) {
    Group group = x.group();
    int n = group.size();
    int v = Math.floorMod(group.place() - root, n);
    int highest = Integer.highestOneBit(v);
    if (v > 0) {
      x.run(x.receive(Math.floorMod(root + v - highest, n), Spans.of(address, bytes)));
    }
    List<Work> works = new ArrayList<>();
    for (int bit = Math.max(1, 2 * highest); v + bit < n; bit *= 2) {
      works.add(x.send(Math.floorMod(root + v + bit, n), Spans.of(address, bytes)));
    }
    x.run(works);
  }

  /// Each rank passes on to the next one what comes from the one before, frame by frame.
  private static void chain(Exchange x, int root, long address, long bytes) {
    Group group = x.group();
    boolean first = group.place() == root;
    boolean last = group.after(1) == root;
    Spans sent = Spans.of(address, bytes);
    if (first) {
      if (!last) {
        x.run(x.send(group.after(1), sent));
      }
      return;
    }
    Receiving receiving = x.receive(group.after(-1), Spans.of(address, bytes));
    if (last) {
      x.run(receiving);
    } else {
      x.run(x.forward(group.after(1), sent, 0, receiving), receiving);
    }
  }
}
