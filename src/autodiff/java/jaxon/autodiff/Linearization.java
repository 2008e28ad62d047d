package jaxon.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import org.jspecify.annotations.Nullable;

/// A graph replayed into the current trace, ready to be pulled back.
///
/// [#pullback] may run in the same trace or in one nested in it; then the forward values that it
/// reads become the captures of the nested trace.
final class Linearization {
  private final Graph graph;
  private final List<Boolean> wanted;
  private final Set<Var> active;
  private final Map<Var, Array> values = new HashMap<>();
  private final Map<Var, Equation> producers = new HashMap<>();
  private final Map<Equation, Pullback> regionPullbacks = new HashMap<>();
  private final Map<Var, Array> known;

  private Linearization(Graph graph, List<Boolean> wanted, Map<Var, Array> known) {
    this.graph = graph;
    this.wanted = wanted;
    this.active = Activity.of(graph, wanted);
    this.known = known;
  }

  /// Replays `graph` on `args`; cotangents will be wanted for the marked inputs.
  static Linearization of(Graph graph, List<Array> args, List<Boolean> wanted) {
    return of(graph, args, wanted, Map.of());
  }

  /// As above, with the values of some intermediate Vars already known: what gives only those is
  /// not run again.
  static Linearization of(
      Graph graph, List<Array> args, List<Boolean> wanted, Map<Var, Array> known) {
    Linearization linear = new Linearization(graph, wanted, known);
    for (int i = 0; i < args.size(); i++) {
      linear.values.put(graph.inputs().get(i), args.get(i));
    }
    linear.values.putAll(known);
    for (Equation equation : graph.equations()) {
      if (!linear.values.keySet().containsAll(equation.outputs())) {
        linear.replay(equation);
      }
      equation.outputs().forEach(output -> linear.producers.put(output, equation));
    }
    return linear;
  }

  private void replay(Equation equation) {
    List<Array> operands = equation.inputs().stream().map(this::value).toList();
    List<Array> results;
    if (equation.op() instanceof ControlOp control
        && equation.outputs().stream().anyMatch(active::contains)) {
      List<Boolean> activeOperands = equation.inputs().stream().map(active::contains).toList();
      RegionRules.Forward forward =
          RegionRules.forward(control, equation, operands, activeOperands);
      regionPullbacks.put(equation, forward.pullback());
      results = forward.results();
    } else {
      results =
          Tracer.current().emit(equation.op(), operands, equation.regions(), equation.source());
    }
    for (int i = 0; i < results.size(); i++) {
      values.put(equation.outputs().get(i), results.get(i));
    }
  }

  List<Array> outputs() {
    return graph.outputs().stream().map(this::value).toList();
  }

  /// The replayed value of one of the graph's Vars.
  Array value(Var var) {
    return Objects.requireNonNull(values.get(var), "a value of the graph has not been replayed");
  }

  /// Cotangents of all inputs (null where zero or not wanted) from those of the outputs.
  List<@Nullable Array> pullback(List<@Nullable Array> outputCotangents) {
    Cotangents cotangents = new Cotangents();
    for (int i = 0; i < outputCotangents.size(); i++) {
      Array cotangent = outputCotangents.get(i);
      Var output = graph.outputs().get(i);
      if (cotangent != null && active.contains(output)) {
        cotangents.add(output, cotangent);
      }
    }
    SavedValues saved = new SavedValues(values, producers, known);
    for (Equation equation : graph.equations().reversed()) {
      pull(equation, cotangents, saved);
    }
    List<@Nullable Array> results = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      results.add(wanted.get(i) ? cotangents.get(graph.inputs().get(i)) : null);
    }
    return results;
  }

  private void pull(Equation equation, Cotangents cotangents, SavedValues saved) {
    List<@Nullable Array> outputs = new ArrayList<>();
    equation.outputs().forEach(output -> outputs.add(cotangents.get(output)));
    if (outputs.stream().allMatch(Objects::isNull)) {
      return;
    }
    Pullback region = regionPullbacks.get(equation);
    List<@Nullable Array> inputs =
        region != null
            ? region.apply(outputs)
            : VjpRules.apply(new VjpContext(equation, saved, active, outputs));
    for (int i = 0; i < inputs.size(); i++) {
      Array cotangent = inputs.get(i);
      if (cotangent != null && active.contains(equation.inputs().get(i))) {
        cotangents.add(equation.inputs().get(i), cotangent);
      }
    }
  }

  /// As many nulls (zero cotangents) as an equation has operands.
  static List<@Nullable Array> none(Equation equation) {
    List<@Nullable Array> none = new ArrayList<>();
    equation.inputs().forEach(_ -> none.add(null));
    return none;
  }
}
