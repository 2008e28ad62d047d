package jaxon.runtime.pass.fuse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Renaming;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;

/// Rebuilds a graph with one composite per loop, everything after what it reads.
final class LoopEmitter {
  private final Graph graph;
  private final Uses uses;
  private final List<LoopGroup> groups;
  private final Membership membership;

  LoopEmitter(Graph graph, Uses uses, List<LoopGroup> groups, Membership membership) {
    this.graph = graph;
    this.uses = uses;
    this.groups = groups;
    this.membership = membership;
  }

  Graph emit() {
    SequencedMap<Integer, Equation> units = new TreeMap<>();
    for (LoopGroup group : groups) {
      Equation loop = new LoopBuilder(group).build();
      if (!loop.outputs().isEmpty()) {
        units.put(group.members.lastKey(), loop);
      }
    }
    for (int i = 0; i < uses.size(); i++) {
      if (membership.groups(i).isEmpty() && !isFree(i)) {
        units.put(i, uses.equation(i));
      }
    }
    Deque<Var> needed = new ArrayDeque<>(graph.outputs());
    units.values().forEach(unit -> needed.addAll(unit.inputs()));
    while (!needed.isEmpty()) {
      Integer definition = uses.definition(needed.remove());
      if (definition != null && isFree(definition) && !units.containsKey(definition)) {
        units.put(definition, uses.equation(definition));
        needed.addAll(uses.equation(definition).inputs());
      }
    }
    return new Graph(
        graph.name(), graph.inputs(), sorted(List.copyOf(units.values())), graph.outputs());
  }

  /// True for views and sources, which loops copy: only some are still needed outside.
  private boolean isFree(int index) {
    return uses.kind(index) == Kind.VIEW || uses.kind(index) == Kind.SOURCE;
  }

  /// The equations after what they read, otherwise in the given order.
  private static List<Equation> sorted(List<Equation> units) {
    Map<Var, Integer> definitions = new HashMap<>();
    for (int i = 0; i < units.size(); i++) {
      for (Var output : units.get(i).outputs()) {
        definitions.put(output, i);
      }
    }
    int[] missing = new int[units.size()];
    List<List<Integer>> readers = new ArrayList<>();
    units.forEach(_ -> readers.add(new ArrayList<>()));
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < missing.length; i++) {
      for (Var input : units.get(i).inputs()) {
        Integer definition = definitions.get(input);
        if (definition != null) {
          readers.get(definition).add(i);
          missing[i]++;
        }
      }
      if (missing[i] == 0) {
        ready.add(i);
      }
    }
    List<Equation> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      order.add(units.get(next));
      for (int reader : readers.get(next)) {
        if (--missing[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (order.size() != units.size()) {
      throw new IllegalStateException("two loops wait for each other");
    }
    return order;
  }

  /// Makes the composite of one group.
  private final class LoopBuilder {
    private final LoopGroup group;
    private final GraphBuilder body = new GraphBuilder();
    private final Renaming renaming = new Renaming();
    private final SequencedSet<Var> inputs = new LinkedHashSet<>();

    LoopBuilder(LoopGroup group) {
      this.group = group;
    }

    Equation build() {
      for (int member : group.members.keySet()) {
        uses.equation(member).inputs().forEach(this::provide);
        body.copy(uses.equation(member), renaming);
      }
      List<Var> outputs = new ArrayList<>();
      for (int member : group.members.keySet()) {
        if (membership.owner(member) == group && isNeededOutside(member)) {
          outputs.add(uses.equation(member).output());
        }
      }
      SequencedMap<String, String> attributes = new LinkedHashMap<>();
      attributes.put(FuseLoops.SHAPE, group.shape.toString());
      attributes.put(FuseLoops.ROW_DIMS, Integer.toString(group.rowDims()));
      Graph region = body.build("loop", renaming.getAll(outputs));
      return new Equation(
          new ControlOp.Composite(FuseLoops.COMPOSITE, new TreeMap<>(attributes)),
          List.copyOf(inputs),
          outputs,
          List.of(region),
          uses.equation(group.members.lastKey()).source());
    }

    /// Makes `operand` known in the body: through its views, from an input, a source or a member.
    private void provide(Var operand) {
      if (renaming.contains(operand)) {
        return;
      }
      Uses.Origin origin = uses.origin(operand);
      Var root = origin.root();
      if (!renaming.contains(root)) {
        Integer definition = uses.definition(root);
        if (definition != null && uses.kind(definition) == Kind.SOURCE) {
          body.copy(uses.equation(definition), renaming);
        } else {
          inputs.add(root);
          renaming.put(root, body.input(root.type()));
        }
      }
      for (int view : origin.views()) {
        if (!renaming.contains(uses.equation(view).output())) {
          body.copy(uses.equation(view), renaming);
        }
      }
    }

    private boolean isNeededOutside(int member) {
      if (uses.isResult(uses.equation(member).output())) {
        return true;
      }
      for (Uses.Use use : uses.of(member)) {
        List<LoopGroup> readers = membership.groups(use.reader());
        if (readers.isEmpty()) {
          return true;
        }
        for (LoopGroup reader : readers) {
          if (!reader.members.containsKey(member)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
