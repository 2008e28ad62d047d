package jaxon.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;

/// Rematerialization: the backward pass runs the region again from its operands and the values that
/// the policy keeps.
///
/// Chen et al., "Training deep nets with sublinear memory cost", 2016. What the backward pass
/// starts from goes through an optimization barrier together with the cotangents, so that the
/// second run is not merged with the first and does not start before the backward pass gets there.
final class RematVjp {
  private RematVjp() {}

  static RegionRules.Forward forward(
      ControlOp.Remat op, Equation equation, List<Array> operands, List<Boolean> active) {
    Graph region = NamedResiduals.expose(equation.regions().getFirst(), op.policy());
    Linearization first = Linearization.of(region, operands, none(operands.size()));
    List<Var> kept = kept(region, op.policy());
    List<Array> saved = new ArrayList<>(operands);
    kept.forEach(var -> saved.add(first.value(var)));
    Pullback pullback =
        cotangents -> {
          List<Array> inputs = new ArrayList<>(saved);
          inputs.addAll(RegionRules.instantiate(cotangents, region));
          List<Array> fenced = Ops.optimizationBarrier(inputs);
          int size = operands.size();
          Map<Var, Array> known = new HashMap<>();
          for (int i = 0; i < kept.size(); i++) {
            known.put(kept.get(i), fenced.get(size + i));
          }
          knowOperandsOfNames(region, known);
          Linearization second = Linearization.of(region, fenced.subList(0, size), active, known);
          return second.pullback(RegionRules.nullable(fenced.subList(saved.size(), fenced.size())));
        };
    return new RegionRules.Forward(first.outputs(), pullback);
  }

  /// A rule may ask for a value as it was before it was named, for example tanh for its result. The
  /// results of ops with regions are left out: those ops must run again to be pulled back.
  private static void knowOperandsOfNames(Graph region, Map<Var, Array> known) {
    Map<Var, Array> named = new HashMap<>();
    for (Equation equation : region.equations().reversed()) {
      if (equation.op() instanceof ControlOp) {
        continue;
      }
      for (Var output : equation.outputs()) {
        Array same = named.get(output);
        if (same != null) {
          known.putIfAbsent(output, same);
        }
      }
      if (equation.op() instanceof AnnotationOp.Name) {
        Array value = known.get(equation.output());
        if (value != null) {
          named.put(equation.inputs().getFirst(), value);
        }
      }
    }
  }

  private static List<Boolean> none(int size) {
    return Collections.nCopies(size, false);
  }

  /// The region's values that the policy keeps, in order.
  private static List<Var> kept(Graph region, RematPolicy policy) {
    List<Var> kept = new ArrayList<>();
    for (Equation equation : region.equations()) {
      boolean keep =
          switch (equation.op()) {
            case ContractOp.DotGeneral dot -> policy.saveDots() && dot.lhsBatch().isEmpty();
            case AnnotationOp.Name name -> policy.savedNames().contains(name.name());
            default -> false;
          };
      if (keep) {
        kept.add(equation.output());
      }
    }
    return kept;
  }
}
