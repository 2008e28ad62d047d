package jaxon.runtime.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;

/// `y = f(x) -> nothing` when y is not used, and unused values are cut out of scans, whiles, cases
/// and barriers.
///
/// A loop carry is live when its result is used or when a live value of the loop depends on it.
/// Inputs of the graph stay, used or not.
public final class EliminateDead implements Pass {
  @Override
  public Graph run(Graph graph) {
    return sweep(graph);
  }

  /// `graph` without the equations that its outputs do not depend on.
  static Graph sweep(Graph graph) {
    Set<Var> live = new HashSet<>(graph.outputs());
    List<Equation> kept = new ArrayList<>();
    boolean changed = false;
    for (Equation equation : graph.equations().reversed()) {
      if (Collections.disjoint(equation.outputs(), live)) {
        changed = true;
        continue;
      }
      Optional<Equation> narrowed = narrow(equation, live);
      changed |= narrowed.isPresent();
      Equation result = narrowed.orElse(equation);
      kept.add(result);
      live.addAll(result.inputs());
    }
    return changed
        ? new Graph(graph.name(), graph.inputs(), kept.reversed(), graph.outputs())
        : graph;
  }

  /// The equation without what is not live, or empty when nothing changes.
  private static Optional<Equation> narrow(Equation equation, Set<Var> live) {
    return switch (equation.op()) {
      case ControlOp.Scan scan -> DeadLoopValues.scan(scan, equation, live);
      case ControlOp.While _ -> DeadLoopValues.whileLoop(equation, live);
      case ControlOp.Case _ -> DeadBranchValues.narrow(equation, live);
      case AnnotationOp.OptimizationBarrier _ -> barrier(equation, live);
      case ControlOp.Composite _, ControlOp.CustomVjp _, ControlOp.Remat _ -> regions(equation);
      case ControlOp.ShardMap _ -> regions(equation);
      case AnnotationOp.Name _, AnnotationOp.ShardingConstraint _ -> Optional.empty();
      case AnnotationOp.StopGradient _ -> Optional.empty();
      case UnaryOp _, BinaryOp _, ElementwiseOp _, SourceOp _, ShapeOp _ -> Optional.empty();
      case IndexOp _, ContractOp _, ReduceOp _, CollectiveOp _ -> Optional.empty();
    };
  }

  /// `y, z = barrier(a, b) -> y = barrier(a)` when z is not used.
  private static Optional<Equation> barrier(Equation equation, Set<Var> live) {
    List<Var> inputs = new ArrayList<>();
    List<Var> outputs = new ArrayList<>();
    for (int i = 0; i < equation.outputs().size(); i++) {
      if (live.contains(equation.outputs().get(i))) {
        inputs.add(equation.inputs().get(i));
        outputs.add(equation.outputs().get(i));
      }
    }
    return changed(
        equation, new Equation(equation.op(), inputs, outputs, List.of(), equation.source()));
  }

  private static Optional<Equation> regions(Equation equation) {
    List<Graph> regions = equation.regions().stream().map(EliminateDead::sweep).toList();
    return changed(
        equation,
        new Equation(
            equation.op(), equation.inputs(), equation.outputs(), regions, equation.source()));
  }

  /// `after` unless it has the same operands, results and regions as `before`.
  static Optional<Equation> changed(Equation before, Equation after) {
    boolean same =
        before.inputs().equals(after.inputs())
            && before.outputs().equals(after.outputs())
            && before.regions().equals(after.regions());
    return same ? Optional.empty() : Optional.of(after);
  }

  /// `region` with only the outputs at which `keep` is true, swept.
  static Graph withOutputs(Graph region, List<Boolean> keep) {
    List<Var> outputs = select(region.outputs(), keep);
    boolean same = outputs.size() == region.outputs().size();
    return sweep(
        same ? region : new Graph(region.name(), region.inputs(), region.equations(), outputs));
  }

  /// `region` with only the inputs at which `keep` is true; the others must not be used.
  static Graph withInputs(Graph region, List<Boolean> keep) {
    List<Var> inputs = select(region.inputs(), keep);
    return inputs.size() == region.inputs().size()
        ? region
        : new Graph(region.name(), inputs, region.equations(), region.outputs());
  }

  /// The inputs and operands that `region` reads or passes on.
  static Set<Var> used(Graph region) {
    Set<Var> used = new HashSet<>(region.outputs());
    region.equations().forEach(equation -> used.addAll(equation.inputs()));
    return used;
  }

  /// The elements of `list` at which `keep` is true.
  static <T> List<T> select(List<T> list, List<Boolean> keep) {
    List<T> selected = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (keep.get(i)) {
        selected.add(list.get(i));
      }
    }
    return selected;
  }
}
