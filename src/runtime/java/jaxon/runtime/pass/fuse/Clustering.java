package jaxon.runtime.pass.fuse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.UnaryOp;
import org.jspecify.annotations.Nullable;

/// Decides which equations share a loop.
///
/// Walks from the last equation to the first, so that the readers of a value are in loops when its
/// own turn comes. A value joins the loop of its readers; where readers are in different loops,
/// these become one if they can; where they cannot, a cheap value is computed in each. In the end
/// loops that read the same large value become one, too.
final class Clustering {
  /// More work than this in one loop no longer fits a core's registers and first cache.
  private static final int MAX_MEMBERS = 160;

  /// Values of at least so many elements are worth to be read together.
  private static final long LARGE = 1024;

  private final Graph graph;
  private final Uses uses;
  private final Joining joining;
  private final Membership membership;
  private final ReadingOrder order;
  private final Reachability reachability;
  private final SequencedSet<LoopGroup> groups = new LinkedHashSet<>();

  Clustering(Graph graph, Uses uses) {
    this.graph = graph;
    this.uses = uses;
    this.joining = new Joining(uses);
    this.membership = new Membership(uses.size());
    this.order = new ReadingOrder(uses, membership);
    this.reachability = new Reachability(uses, membership, order);
  }

  /// The loops, each with at least one member.
  List<LoopGroup> run() {
    for (int i = uses.size() - 1; i >= 0; i--) {
      if (uses.kind(i).isWork()) {
        place(i);
      }
    }
    graph.inputs().forEach(this::uniteReaders);
    for (int i = 0; i < uses.size(); i++) {
      if (uses.kind(i) != Kind.VIEW && uses.kind(i) != Kind.SOURCE) {
        uses.equation(i).outputs().forEach(this::uniteReaders);
      }
    }
    return List.copyOf(groups);
  }

  Membership membership() {
    return membership;
  }

  ReadingOrder order() {
    return order;
  }

  private void place(int index) {
    SequencedSet<LoopGroup> readers = new LinkedHashSet<>();
    boolean needed = uses.isResult(uses.equation(index).output());
    for (Uses.Use use : uses.of(index)) {
      List<LoopGroup> of = membership.groups(use.reader());
      readers.addAll(of);
      needed |= of.isEmpty();
    }
    SequencedSet<LoopGroup> able = new LinkedHashSet<>();
    for (LoopGroup reader : readers) {
      Optional<LoopGroup> joined =
          reader.members.size() < MAX_MEMBERS ? joining.join(index, reader) : Optional.empty();
      // Some columns of each row are no result of a loop.
      boolean mustStayInside = joined.isPresent() && joined.get().members.get(index) == Level.PART;
      if (joined.isPresent() && !(mustStayInside && (needed || readers.size() > 1))) {
        able.add(reader);
      }
    }
    boolean repeatable = !needed && able.size() == readers.size() && isCheap(index);
    LoopGroup owner = owner(index, able);
    if (owner != null) {
      for (LoopGroup other : readers) {
        if (other != owner && groups.contains(other)) {
          unite(owner, other);
        }
      }
    }
    if (repeatable) {
      able.stream().filter(groups::contains).forEach(group -> addTo(index, group));
    } else if (owner == null) {
      LoopGroup alone = joining.start(index);
      groups.add(alone);
      membership.add(index, alone);
    }
  }

  /// Adds the equation to the first loop that does not come to wait for itself by it.
  private @Nullable LoopGroup owner(int index, Set<LoopGroup> able) {
    for (LoopGroup group : able) {
      if (!reachability.leadsOutAndBack(Set.of(), index, Set.of(group))) {
        addTo(index, group);
        return group;
      }
    }
    return null;
  }

  private void addTo(int index, LoopGroup group) {
    if (group.members.containsKey(index)) {
      return;
    }
    Optional<LoopGroup> joined = joining.join(index, group);
    if (joined.isPresent()) {
      if (membership.groups(index).isEmpty()) {
        order.contract(group.first, index);
      }
      group.set(joined.get());
      membership.add(index, group);
    }
  }

  private boolean unite(LoopGroup a, LoopGroup b) {
    if (a.members.size() + b.members.size() > MAX_MEMBERS) {
      return false;
    }
    Optional<LoopGroup> both = joining.unite(a, b);
    Set<LoopGroup> pair = Set.of(a, b);
    if (both.isEmpty() || reachability.leadsOutAndBack(pair, -1, pair)) {
      return false;
    }
    order.contract(a.first, b.first);
    membership.move(b, a);
    a.set(both.get());
    groups.remove(b);
    return true;
  }

  /// Makes one loop of those that read `root` in its own order.
  private void uniteReaders(Var root) {
    if (root.type().shape().elements() < LARGE) {
      return;
    }
    List<LoopGroup> readers = new ArrayList<>();
    for (Uses.Use use : uses.of(root)) {
      boolean inOrder = use.origin().access().map(view -> view.isWhole()).orElse(false);
      for (LoopGroup group : membership.groups(use.reader())) {
        if (inOrder && !readers.contains(group)) {
          readers.add(group);
        }
      }
    }
    for (int i = 0; i < readers.size(); i++) {
      for (int j = readers.size() - 1; j > i; j--) {
        if (unite(readers.get(i), readers.get(j))) {
          readers.remove(j);
        }
      }
    }
  }

  /// True when computing the value again costs less than writing and reading it.
  private boolean isCheap(int index) {
    Equation equation = uses.equation(index);
    if (uses.kind(index) != Kind.COMPUTE || isSlow(equation)) {
      return false;
    }
    Var output = equation.output();
    long bytes = 0;
    Set<Var> seen = new LinkedHashSet<>();
    for (Var input : equation.inputs()) {
      Var root = uses.origin(input).root();
      Integer definition = uses.definition(root);
      boolean isSource = definition != null && uses.kind(definition) == Kind.SOURCE;
      if (!isSource && seen.add(root)) {
        bytes += root.type().bytes();
      }
    }
    return bytes <= output.type().bytes() + output.type().bytes() / 8;
  }

  private static boolean isSlow(Equation equation) {
    return switch (equation.op()) {
      case UnaryOp op ->
          switch (op) {
            case ABS, CEIL, FLOOR, IS_FINITE, NEGATE, NOT, ROUND_NEAREST_EVEN, SIGN -> false;
            case COSINE, ERF, EXPONENTIAL, EXPONENTIAL_MINUS_ONE, LOG, LOG_PLUS_ONE -> true;
            case LOGISTIC, RSQRT, SINE, SQRT, TANH -> true;
          };
      case BinaryOp op -> op == BinaryOp.POWER || op == BinaryOp.REMAINDER;
      default -> false;
    };
  }
}
