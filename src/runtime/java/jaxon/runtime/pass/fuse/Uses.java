package jaxon.runtime.pass.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.Op;
import jaxon.graph.op.ShapeOp;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.View;
import org.jspecify.annotations.Nullable;

/// Who reads whom in one graph, seen through the views between.
final class Uses {
  /// Where an operand comes from.
  ///
  /// @param root the value that the views look into
  /// @param access the operand as a walk over `root`, if it is one
  /// @param views the views between, first the one that reads `root`
  record Origin(Var root, Optional<View> access, List<Integer> views) {
    private Origin through(int view, Optional<View> seen) {
      List<Integer> longer = new ArrayList<>(views);
      longer.add(view);
      return new Origin(root, seen, List.copyOf(longer));
    }
  }

  /// Equation `reader` reads a value at position `operand`.
  record Use(int reader, int operand, Origin origin) {}

  private final List<Equation> equations;
  private final List<Kind> kinds = new ArrayList<>();
  private final Map<Var, Integer> definitions = new HashMap<>();
  private final Map<Var, Origin> origins = new HashMap<>();
  private final Map<Var, List<Use>> uses = new HashMap<>();
  private final List<List<Use>> byEquation = new ArrayList<>();
  private final List<List<Integer>> producers = new ArrayList<>();
  private final Set<Var> results = new HashSet<>();

  Uses(Graph graph) {
    equations = graph.equations();
    graph.inputs().forEach(this::define);
    for (int i = 0; i < equations.size(); i++) {
      Equation equation = equations.get(i);
      Kind kind = Kind.of(equation);
      kinds.add(kind);
      if (kind != Kind.VIEW) {
        readAll(i, equation);
      }
      for (Var output : equation.outputs()) {
        definitions.put(output, i);
        define(output);
      }
      if (kind == Kind.VIEW) {
        Origin origin = origin(equation.inputs().getFirst());
        origins.put(
            equation.output(),
            origin.through(i, origin.access().flatMap(view -> apply(equation.op(), view))));
      }
    }
    graph.outputs().forEach(output -> results.add(origin(output).root()));
    for (Equation equation : equations) {
      byEquation.add(equation.outputs().stream().flatMap(out -> of(out).stream()).toList());
      producers.add(producersOf(equation));
    }
  }

  private List<Integer> producersOf(Equation equation) {
    List<Integer> found = new ArrayList<>();
    for (Var input : equation.inputs()) {
      Integer definition = definitions.get(origin(input).root());
      if (definition != null) {
        found.add(definition);
      }
    }
    return found;
  }

  private void define(Var var) {
    View whole = View.dense(new Slot(var.type().bytes()), var.type());
    origins.put(var, new Origin(var, Optional.of(whole), List.of()));
  }

  private void readAll(int reader, Equation equation) {
    for (int i = 0; i < equation.inputs().size(); i++) {
      Origin origin = origin(equation.inputs().get(i));
      uses.computeIfAbsent(origin.root(), _ -> new ArrayList<>()).add(new Use(reader, i, origin));
    }
  }

  private static Optional<View> apply(Op op, View view) {
    return switch (op) {
      case ShapeOp.BroadcastInDim broadcast ->
          Optional.of(view.broadcast(broadcast.shape(), broadcast.dims()));
      case ShapeOp.Reshape reshape -> view.reshaped(reshape.shape());
      case ShapeOp.Transpose transpose -> Optional.of(view.transposed(transpose.permutation()));
      case ShapeOp.Slice slice ->
          Optional.of(view.sliced(slice.start(), slice.limit(), slice.strides()));
      case ShapeOp.Reverse reverse -> Optional.of(view.reversed(reverse.dims()));
      default -> throw new IllegalStateException(op.opName() + " is not a view");
    };
  }

  int size() {
    return equations.size();
  }

  Equation equation(int index) {
    return equations.get(index);
  }

  Kind kind(int index) {
    return kinds.get(index);
  }

  /// The equation that defines `var`; null for an input of the graph.
  @Nullable Integer definition(Var var) {
    return definitions.get(var);
  }

  /// Where `var` comes from, itself if no view defines it.
  Origin origin(Var var) {
    Origin origin = origins.get(var);
    if (origin == null) {
      throw new IllegalStateException("value " + var + " is used before it is defined");
    }
    return origin;
  }

  /// The readers of `root`, in order.
  List<Use> of(Var root) {
    return uses.getOrDefault(root, List.of());
  }

  /// The readers of what equation `index` computes.
  List<Use> of(int index) {
    return byEquation.get(index);
  }

  /// True when `root`, or a view of it, is a result of the graph.
  boolean isResult(Var root) {
    return results.contains(root);
  }

  /// The equations that compute what equation `index` reads, seen through the views between.
  List<Integer> producers(int index) {
    return producers.get(index);
  }
}
