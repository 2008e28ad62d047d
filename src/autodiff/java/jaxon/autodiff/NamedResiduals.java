package jaxon.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.TensorType;

/// Brings what the forward function of a custom derivative names to where a remat policy sees it.
///
/// `y = custom_vjp(x) -> y', r = forward(x); y = custom_vjp(x, stop(y'), stop(r))`, where the new
/// custom derivative computes nothing forward: it gives `y'` and keeps `r`. The results of a kernel
/// that its own backward pass reads (as the log-sum-exps of attention) can so be saved by name, and
/// the kernel does not run again.
final class NamedResiduals {
  private NamedResiduals() {}

  /// `region` with each custom derivative opened that names something the policy keeps.
  static Graph expose(Graph region, RematPolicy policy) {
    if (region.equations().stream().noneMatch(equation -> names(equation, policy))) {
      return region;
    }
    return Tracer.traceClosed(
        region.name(),
        region.inputTypes(),
        args -> {
          Map<Var, Array> values = new HashMap<>();
          put(values, region.inputs(), args);
          for (Equation equation : region.equations()) {
            List<Array> operands = equation.inputs().stream().map(values::get).toList();
            List<Array> results =
                names(equation, policy)
                    ? open(equation, operands)
                    : RegionRules.emit(equation, operands);
            put(values, equation.outputs(), results);
          }
          return region.outputs().stream().map(values::get).toList();
        });
  }

  private static void put(Map<Var, Array> values, List<Var> vars, List<Array> arrays) {
    for (int i = 0; i < vars.size(); i++) {
      values.put(vars.get(i), arrays.get(i));
    }
  }

  private static boolean names(Equation equation, RematPolicy policy) {
    return equation.op() instanceof ControlOp.CustomVjp
        && equation.regions().get(1).equations().stream()
            .anyMatch(inner ->
                inner.op() instanceof AnnotationOp.Name name
                    && policy.savedNames().contains(name.name()));
  }

  private static List<Array> open(Equation equation, List<Array> operands) {
    int results = equation.outputs().size();
    List<Array> known = Tracer.current().inline(equation.regions().get(1), operands);
    List<Array> all = new ArrayList<>(operands);
    known.forEach(array -> all.add(array.stopGradient()));
    List<TensorType> types = all.stream().map(Array::type).toList();
    int first = operands.size();
    Graph primal =
        Tracer.traceClosed("primal", types, args -> args.subList(first, first + results));
    Graph forward = Tracer.traceClosed("forward", types, args -> args.subList(first, args.size()));
    Graph given = equation.regions().get(2);
    Graph backward =
        Tracer.traceClosed(
            "backward",
            given.inputTypes(),
            args -> {
              List<Array> cotangents = new ArrayList<>(Tracer.current().inline(given, args));
              types.subList(first, types.size()).forEach(type -> cotangents.add(Ops.zeros(type)));
              return cotangents;
            });
    return Tracer.current()
        .emit(equation.op(), all, List.of(primal, forward, backward), equation.source());
  }
}
