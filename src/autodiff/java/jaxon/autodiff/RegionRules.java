package jaxon.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import org.jspecify.annotations.Nullable;

/// Rules of the ops with regions: how to run them forward so that they can be pulled back.
final class RegionRules {
  private RegionRules() {}

  /// A replayed equation: its results and its pullback.
  record Forward(List<Array> results, Pullback pullback) {}

  /// Which results depend on the active operands.
  static List<Boolean> activeOutputs(ControlOp op, Equation equation, Set<Var> active) {
    List<Boolean> operands = equation.inputs().stream().map(active::contains).toList();
    return switch (op) {
      case ControlOp.Composite _, ControlOp.Remat _, ControlOp.ShardMap _ ->
          Activity.outputs(equation.regions().getFirst(), operands);
      // The given derivative counts, also where the primal function has none of its own.
      case ControlOp.CustomVjp _ -> equation.outputs().stream().map(_ -> true).toList();
      case ControlOp.Case _ -> {
        List<Boolean> args = operands.subList(1, operands.size());
        yield equation.regions().stream()
            .map(branch -> Activity.outputs(branch, args))
            .reduce(RegionRules::or)
            .orElseThrow();
      }
      case ControlOp.Scan scan -> ScanVjp.activeOutputs(scan, equation, operands);
      case ControlOp.While _ -> equation.outputs().stream().map(_ -> true).toList();
    };
  }

  static List<Boolean> or(List<Boolean> a, List<Boolean> b) {
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) || b.get(i)).toList();
  }

  static Forward forward(
      ControlOp op, Equation equation, List<Array> operands, List<Boolean> active) {
    return switch (op) {
      case ControlOp.Remat remat -> RematVjp.forward(remat, equation, operands, active);
      case ControlOp.CustomVjp _ -> customVjp(equation, operands);
      case ControlOp.Composite _ -> composite(equation, operands, active);
      case ControlOp.Case _ -> CaseVjp.forward(equation, operands, active);
      case ControlOp.Scan scan -> ScanVjp.forward(scan, equation, operands, active);
      case ControlOp.ShardMap map -> ShardMapVjp.forward(map, equation, operands, active);
      case ControlOp.While _ ->
          throw new IllegalStateException(
              "a while loop at "
                  + equation.source()
                  + " cannot be differentiated in reverse: its number of steps is not known; use scan");
    };
  }

  /// Runs the given forward function; its residuals are what the given backward function takes.
  private static Forward customVjp(Equation equation, List<Array> operands) {
    int results = equation.outputs().size();
    List<Array> all = Tracer.current().inline(equation.regions().get(1), operands);
    List<Array> residuals = all.subList(results, all.size());
    Pullback pullback =
        cotangents -> {
          List<Array> args = new ArrayList<>(residuals);
          args.addAll(instantiate(cotangents, equation.regions().getFirst()));
          return nullable(Tracer.current().inline(equation.regions().get(2), args));
        };
    return new Forward(all.subList(0, results), pullback);
  }

  /// Runs the composite whole, so that a backend's kernel serves; differentiates its decomposition
  /// at the operands.
  private static Forward composite(Equation equation, List<Array> operands, List<Boolean> active) {
    List<Array> results = emit(equation, operands);
    Pullback pullback =
        cotangents ->
            Linearization.of(equation.regions().getFirst(), operands, active).pullback(cotangents);
    return new Forward(results, pullback);
  }

  static List<Array> emit(Equation equation, List<Array> operands) {
    return Tracer.current().emit(equation.op(), operands, equation.regions(), equation.source());
  }

  /// Zeros in place of the absent cotangents of a region's results.
  static List<Array> instantiate(List<@Nullable Array> cotangents, Graph region) {
    List<Array> all = new ArrayList<>();
    for (int i = 0; i < cotangents.size(); i++) {
      all.add(Cotangents.orZeros(cotangents.get(i), region.outputs().get(i).type()));
    }
    return all;
  }

  static List<@Nullable Array> nullable(List<Array> arrays) {
    List<@Nullable Array> all = new ArrayList<>();
    all.addAll(arrays);
    return all;
  }
}
