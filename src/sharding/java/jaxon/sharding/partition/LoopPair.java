package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;

/// A loop over layers and the loop that goes back over what it stacks, as a gradient does, with the
/// equations that depend on the one and not on the other.
final class LoopPair {
  private final Graph graph;
  private final Equation forward;
  private final Equation backward;
  private final Map<Var, Equation> definitions = new HashMap<>();
  private final Set<Equation> dependent;
  private final Set<Equation> late;

  private LoopPair(Graph graph, Equation forward, Equation backward) {
    this.graph = graph;
    this.forward = forward;
    this.backward = backward;
    for (Equation equation : graph.equations()) {
      equation.outputs().forEach(out -> definitions.put(out, equation));
    }
    this.dependent = dependents(forward);
    this.late = dependents(backward);
  }

  /// The pairs of a graph.
  ///
  /// @param isPipeline tells the loops over layers
  static List<LoopPair> of(Graph graph, Predicate<Equation> isPipeline) {
    List<Equation> loops = graph.equations().stream().filter(isPipeline).toList();
    List<LoopPair> pairs = new ArrayList<>();
    for (Equation forward : loops) {
      Set<Var> kept = new HashSet<>(stacked(forward));
      loops.stream()
          .filter(loop -> loop.inputs().stream().anyMatch(kept::contains))
          .forEach(backward -> pairs.add(new LoopPair(graph, forward, backward)));
    }
    return pairs;
  }

  private static List<Var> stacked(Equation loop) {
    return loop.outputs().subList(scan(loop).carries(), loop.outputs().size());
  }

  private static ControlOp.Scan scan(Equation loop) {
    return (ControlOp.Scan) loop.op();
  }

  private static Set<Equation> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private Set<Equation> dependents(Equation on) {
    Set<Var> vars = new HashSet<>(on.outputs());
    Set<Equation> all = identitySet();
    for (Equation equation : graph.equations()) {
      if (equation.inputs().stream().anyMatch(vars::contains)) {
        all.add(equation);
        vars.addAll(equation.outputs());
      }
    }
    return all;
  }

  Equation forward() {
    return forward;
  }

  Equation backward() {
    return backward;
  }

  ControlOp.Scan forwardOp() {
    return scan(forward);
  }

  ControlOp.Scan backwardOp() {
    return scan(backward);
  }

  /// The number of the loop's result that is stacked and that a value is; −1 if none.
  int kept(Var var) {
    int at = forward.outputs().indexOf(var);
    return at >= forwardOp().carries() ? at : -1;
  }

  /// Whether a value depends on the first loop.
  boolean isDependent(Var var) {
    Equation made = definitions.get(var);
    return made != null && (made.equals(forward) || dependent.contains(made));
  }

  /// What depends on the first loop and not on the second.
  List<Equation> middle() {
    return graph.equations().stream()
        .filter(equation -> dependent.contains(equation) && !late.contains(equation))
        .filter(equation -> !equation.equals(backward))
        .toList();
  }

  /// True if nothing but the second loop reads what the first stacks.
  boolean keepsForBackward() {
    Set<Var> kept = new HashSet<>(stacked(forward));
    return graph.outputs().stream().noneMatch(kept::contains)
        && graph.equations().stream()
            .filter(equation -> !equation.equals(backward))
            .flatMap(equation -> equation.inputs().stream())
            .noneMatch(kept::contains);
  }

  /// The equations that run between the loops for each micro-batch: those of [#middle] that
  /// `hasRows` or that the second loop needs, what these need of it, and values that are but
  /// constants repeated, which are made where they are used.
  List<Equation> between(Predicate<Equation> hasRows) {
    Set<Equation> chosen = identitySet();
    List<Equation> open = new ArrayList<>(middle().stream().filter(hasRows).toList());
    addDefinitions(backward, open);
    Set<Equation> middle = identitySet();
    middle.addAll(middle());
    while (!open.isEmpty()) {
      Equation next = open.removeLast();
      boolean repeats =
          (next.op() instanceof SourceOp || next.op() instanceof ShapeOp.BroadcastInDim)
              && !dependent.contains(next);
      if ((middle.contains(next) || repeats) && chosen.add(next)) {
        addDefinitions(next, open);
      }
    }
    // What the second loop takes of other things it takes as it is.
    Set<Var> used = new HashSet<>();
    Set<Equation> needed = identitySet();
    for (Equation equation : graph.equations().reversed()) {
      boolean read = equation.outputs().stream().anyMatch(used::contains);
      if (chosen.contains(equation) && (dependent.contains(equation) || read)) {
        needed.add(equation);
        used.addAll(equation.inputs());
      }
    }
    return graph.equations().stream().filter(needed::contains).toList();
  }

  private void addDefinitions(Equation of, Collection<Equation> to) {
    for (Var input : of.inputs()) {
      Equation made = definitions.get(input);
      if (made != null) {
        to.add(made);
      }
    }
  }

  /// What is defined outside of some equations and read there, in order.
  static List<Var> taken(List<Equation> equations) {
    Set<Var> defined = new HashSet<>();
    Set<Var> taken = new LinkedHashSet<>();
    for (Equation equation : equations) {
      equation.inputs().stream().filter(var -> !defined.contains(var)).forEach(taken::add);
      defined.addAll(equation.outputs());
    }
    return List.copyOf(taken);
  }

  /// What the equations between the loops define, or the first loop carries, that is read after.
  List<Var> readAfter(List<Equation> between) {
    Set<Equation> inside = identitySet();
    inside.addAll(between);
    inside.add(backward);
    Set<Var> read = new HashSet<>(graph.outputs());
    graph.equations().stream()
        .filter(equation -> !inside.contains(equation))
        .forEach(equation -> read.addAll(equation.inputs()));
    List<Var> defined = new ArrayList<>(forward.outputs().subList(0, forwardOp().carries()));
    between.stream()
        .filter(dependent::contains)
        .forEach(equation -> defined.addAll(equation.outputs()));
    return defined.stream().filter(read::contains).toList();
  }

  /// The rest of the graph's equations: those that come before the loops, and those that come
  /// after.
  ///
  /// @param between what runs between the loops
  List<List<Equation>> around(List<Equation> between) {
    Set<Equation> inside = identitySet();
    between.stream().filter(dependent::contains).forEach(inside::add);
    inside.add(forward);
    inside.add(backward);
    Set<Equation> first = identitySet();
    List<Equation> open = new ArrayList<>(inside);
    open.addAll(graph.equations().subList(0, graph.equations().indexOf(backward)));
    Set<Equation> seen = identitySet();
    while (!open.isEmpty()) {
      Equation next = open.removeLast();
      boolean outside = !next.equals(forward) && !dependent.contains(next);
      if (seen.add(next) && (outside || inside.contains(next))) {
        addDefinitions(next, open);
        if (outside) {
          first.add(next);
        }
      }
    }
    List<Equation> before = graph.equations().stream().filter(first::contains).toList();
    List<Equation> after =
        graph.equations().stream()
            .filter(equation -> !first.contains(equation) && !inside.contains(equation))
            .toList();
    return List.of(before, after);
  }
}
