package jaxon.runtime.pass.fuse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which loops each equation is in. The first is its owner, which stores its value if anything
/// outside needs it; the others compute it again for themselves.
final class Membership {
  private final List<List<LoopGroup>> groups = new ArrayList<>();

  Membership(int equations) {
    for (int i = 0; i < equations; i++) {
      groups.add(new ArrayList<>());
    }
  }

  List<LoopGroup> groups(int equation) {
    return groups.get(equation);
  }

  @Nullable LoopGroup owner(int equation) {
    return groups.get(equation).isEmpty() ? null : groups.get(equation).getFirst();
  }

  void add(int equation, LoopGroup group) {
    groups.get(equation).add(group);
  }

  /// Says that the members of `from` are now in `to`.
  void move(LoopGroup from, LoopGroup to) {
    for (int member : from.members.keySet()) {
      List<LoopGroup> of = groups.get(member);
      int at = of.indexOf(from);
      if (of.contains(to)) {
        // The owner comes first.
        int other = of.indexOf(to);
        of.set(Math.min(at, other), to);
        of.remove(Math.max(at, other));
      } else {
        of.set(at, to);
      }
    }
  }
}
