package jaxon.runtime.pass.fuse;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Asks whether one loop would wait for another.
///
/// A loop runs when all it reads is there, so what its members read and write counts for the whole
/// of it.
final class Reachability {
  private final Uses uses;
  private final Membership membership;
  private final ReadingOrder order;

  Reachability(Uses uses, Membership membership, ReadingOrder order) {
    this.uses = uses;
    this.membership = membership;
    this.order = order;
  }

  /// True when something outside `targets` that reads a value of `sources` (of the equation `extra`
  /// too, unless negative) leads back into `targets`.
  boolean leadsOutAndBack(Set<LoopGroup> sources, int extra, Set<LoopGroup> targets) {
    Search search = new Search(targets);
    for (LoopGroup source : sources) {
      for (int member : source.members.keySet()) {
        if (membership.owner(member) == source) {
          search.readersOf(member, sources);
        }
      }
    }
    if (extra >= 0) {
      search.readersOf(extra, targets);
    }
    return search.run();
  }

  /// A breadth-first walk from readers to their readers, as far as they may lead to the targets.
  private final class Search {
    private final Set<LoopGroup> targets;
    private final Deque<Integer> queue = new ArrayDeque<>();
    private final BitSet seen = new BitSet();
    private final int last;
    private boolean found;

    Search(Set<LoopGroup> targets) {
      this.targets = targets;
      this.last = targets.stream().mapToInt(order::number).max().orElse(-1);
    }

    /// Adds the readers of a value that are not in `inside`, which have it themselves.
    void readersOf(int producer, Set<LoopGroup> inside) {
      for (Uses.Use use : uses.of(producer)) {
        List<LoopGroup> groups = membership.groups(use.reader());
        if (groups.isEmpty()) {
          visit(use.reader());
        }
        for (LoopGroup group : groups) {
          if (!inside.contains(group) && !group.members.containsKey(producer)) {
            visit(group);
          }
        }
      }
    }

    private void visit(int equation) {
      if (!seen.get(equation) && order.number(equation) < last) {
        seen.set(equation);
        queue.add(equation);
      }
    }

    private void visit(LoopGroup group) {
      if (targets.contains(group)) {
        found = true;
      } else if (order.number(group) < last) {
        for (int member : group.members.keySet()) {
          if (membership.owner(member) == group && !seen.get(member)) {
            seen.set(member);
            queue.add(member);
          }
        }
      }
    }

    boolean run() {
      while (!found && !queue.isEmpty()) {
        readersOf(queue.remove(), Set.of());
      }
      return found;
    }
  }
}
