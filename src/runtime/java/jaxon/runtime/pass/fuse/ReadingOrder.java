package jaxon.runtime.pass.fuse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Numbers loops and the equations outside loops so that readers have higher numbers than what they
/// read.
///
/// A search for a way to a loop needs no step to higher numbers than the loop's own. When two
/// become one, only what lies between them and belongs to one of them gets other numbers, as in
/// Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs", JEA 2007.
///
/// A unit, a loop or an equation outside loops, goes by an equation: a loop by its first member.
final class ReadingOrder {
  private final Uses uses;
  private final Membership membership;
  private final int[] numbers;

  ReadingOrder(Uses uses, Membership membership) {
    this.uses = uses;
    this.membership = membership;
    this.numbers = IntStream.range(0, uses.size()).toArray();
  }

  int number(LoopGroup group) {
    return numbers[group.first];
  }

  /// The number of an equation that is in no loop.
  int number(int equation) {
    return numbers[equation];
  }

  /// Says that unit `gone` is about to become a part of `kept`. Neither may lead to the other
  /// through a third.
  void contract(int kept, int gone) {
    int low = numbers[kept] < numbers[gone] ? kept : gone;
    int high = low == kept ? gone : kept;
    List<Integer> readers = between(low, high, true);
    List<Integer> read = between(high, low, false);
    int[] free =
        IntStream.concat(
                IntStream.of(numbers[low], numbers[high]),
                IntStream.concat(
                    readers.stream().mapToInt(unit -> numbers[unit]),
                    read.stream().mapToInt(unit -> numbers[unit])))
            .toArray();
    Arrays.sort(free);
    for (int i = 0; i < read.size(); i++) {
      numbers[read.get(i)] = free[i];
    }
    numbers[kept] = free[read.size()];
    // One number is left over.
    for (int i = 0; i < readers.size(); i++) {
      numbers[readers.get(i)] = free[read.size() + 2 + i];
    }
  }

  /// The units that lead from `start` on (or, not `forward`, to it) and have numbers between it and
  /// `end`, by number.
  private List<Integer> between(int start, int end, boolean forward) {
    List<Integer> found = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    Deque<Integer> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      IntConsumer visit =
          unit -> {
            boolean isBetween =
                forward ? numbers[unit] < numbers[end] : numbers[unit] > numbers[end];
            if (isBetween && unit != start && seen.add(unit)) {
              found.add(unit);
              queue.add(unit);
            }
          };
      if (forward) {
        readers(queue.remove(), visit);
      } else {
        read(queue.remove(), visit);
      }
    }
    found.sort(Comparator.comparingInt(unit -> numbers[unit]));
    return found;
  }

  /// The units that read a value which `unit` stores.
  private void readers(int unit, IntConsumer visit) {
    LoopGroup loop = membership.owner(unit);
    if (loop == null) {
      readersOf(unit, visit);
      return;
    }
    for (int member : loop.members.keySet()) {
      if (membership.owner(member) == loop) {
        readersOf(member, visit);
      }
    }
  }

  private void readersOf(int producer, IntConsumer visit) {
    for (Uses.Use use : uses.of(producer)) {
      List<LoopGroup> loops = membership.groups(use.reader());
      if (loops.isEmpty()) {
        visit.accept(use.reader());
      }
      for (LoopGroup loop : loops) {
        if (!loop.members.containsKey(producer)) {
          visit.accept(loop.first);
        }
      }
    }
  }

  /// The units that store a value which `unit` reads.
  private void read(int unit, IntConsumer visit) {
    LoopGroup loop = membership.owner(unit);
    for (int member : loop == null ? List.of(unit) : loop.members.keySet()) {
      for (Integer producer : uses.producers(member)) {
        if (loop == null || !loop.members.containsKey(producer)) {
          LoopGroup owner = membership.owner(producer);
          visit.accept(owner == null ? producer : owner.first);
        }
      }
    }
  }
}
