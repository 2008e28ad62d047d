package jaxon.sharding.partition;

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
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.sharding.propagate.ShardingPlan;

/// The values that only matter as addends of a loop that starts from zero and adds: gradients of
/// micro-batches.
///
/// The sum over devices that such a value is can be taken once after the loop instead of in each
/// turn. It waits over the axes that do not cut the sum: over those that do (fsdp), every turn is
/// reduced, so that no device holds more of the sum than its part.
final class LateSums {
  private final ShardingPlan plan;
  private final Set<Var> late = new HashSet<>();

  private LateSums(ShardingPlan plan) {
    this.plan = plan;
  }

  /// A carried value and the equation that adds to it.
  record Sum(int carry, Equation add, Var addend) {}

  /// The addends of all loops outside of composites, and what they are made of one to one.
  static Set<Var> of(ShardingPlan plan) {
    LateSums sums = new LateSums(plan);
    sums.visit(plan.graph());
    return sums.late;
  }

  /// The carried values to which the body only adds.
  static List<Sum> sums(ControlOp.Scan op, Graph body) {
    Uses uses = new Uses();
    uses.add(body);
    List<Sum> sums = new ArrayList<>();
    for (int i = 0; i < op.carries(); i++) {
      Var carry = body.inputs().get(op.consts() + i);
      Var output = body.outputs().get(i);
      int index = i;
      if (uses.isUsedOnce(carry) && uses.isUsedOnce(output)) {
        body.equations().stream()
            .filter(inner -> inner.op() == BinaryOp.ADD && inner.outputs().contains(output))
            .filter(inner -> inner.inputs().contains(carry))
            .map(inner -> new Sum(index, inner, other(inner, carry)))
            .filter(sum -> uses.isUsedOnce(sum.addend()))
            .forEach(sums::add);
      }
    }
    return sums;
  }

  private static Var other(Equation add, Var carry) {
    return add.inputs().get(add.inputs().indexOf(carry) == 0 ? 1 : 0);
  }

  /// True for a conversion that loses nothing, so that a sum may be taken before or after it.
  static boolean widens(Equation equation) {
    if (!(equation.op() instanceof ElementwiseOp.Convert(DType to))) {
      return false;
    }
    DType from = equation.inputs().getFirst().type().dtype();
    return from.isFloat() && to.isFloat() && to.bits() >= from.bits();
  }

  private void visit(Graph graph) {
    Set<Var> zeros = new HashSet<>();
    for (Equation equation : graph.equations()) {
      if (isZero(equation, zeros)) {
        zeros.add(equation.output());
      }
      if (equation.op() instanceof ControlOp.Composite) {
        continue;
      }
      if (equation.op() instanceof ControlOp.Scan op) {
        Graph body = equation.regions().getFirst();
        sums(op, body).stream()
            .filter(sum -> zeros.contains(equation.inputs().get(op.consts() + sum.carry())))
            .filter(_ -> !plan.isOverStages(body))
            .forEach(sum -> mark(sum.addend(), body));
      }
      equation.regions().forEach(this::visit);
    }
  }

  private static boolean isZero(Equation equation, Set<Var> zeros) {
    return switch (equation.op()) {
      case SourceOp.Constant(Literal value) -> value.isSplat() && value.get(0) == 0;
      case ShapeOp.BroadcastInDim _ -> zeros.contains(equation.inputs().getFirst());
      default -> false;
    };
  }

  private void mark(Var var, Graph graph) {
    Uses uses = new Uses();
    uses.add(graph);
    Map<Var, Equation> definitions = new HashMap<>();
    graph.equations().forEach(each -> each.outputs().forEach(out -> definitions.put(out, each)));
    List<Var> open = new ArrayList<>(List.of(var));
    while (!open.isEmpty()) {
      Var next = open.removeLast();
      if (!uses.isUsedOnce(next) || !late.add(next)) {
        continue;
      }
      Optional.ofNullable(definitions.get(next))
          .ifPresent(made -> follow(next, made, definitions, open));
    }
  }

  /// The operand of a product with one number, as gradients are scaled by the cotangent of the
  /// loss: the product of a sum is the sum of the products.
  private static Optional<Var> scaled(Equation equation, Map<Var, Equation> definitions) {
    if (equation.op() != BinaryOp.MULTIPLY) {
      return Optional.empty();
    }
    Var left = equation.inputs().get(0);
    Var right = equation.inputs().get(1);
    if (isOneNumber(right, definitions)) {
      return Optional.of(left);
    }
    return isOneNumber(left, definitions) ? Optional.of(right) : Optional.empty();
  }

  private static boolean isOneNumber(Var var, Map<Var, Equation> definitions) {
    Equation made = definitions.get(var);
    return made != null
        && switch (made.op()) {
          case SourceOp.Constant constant -> constant.value().isSplat();
          case ShapeOp.BroadcastInDim _ -> made.inputs().getFirst().type().shape().rank() == 0;
          default -> false;
        };
  }

  private void follow(Var var, Equation made, Map<Var, Equation> definitions, List<Var> open) {
    switch (made.op()) {
      case ControlOp.Scan scan -> {
        Graph body = made.regions().getFirst();
        int output = made.outputs().indexOf(var);
        if (output >= scan.carries() && !plan.isOverStages(body)) {
          mark(body.outputs().get(output), body);
        }
      }
      case BinaryOp op when op == BinaryOp.ADD -> open.addAll(made.inputs());
      case ShapeOp.Reshape _, ShapeOp.Transpose _ -> open.addAll(made.inputs());
      case UnaryOp op when op == UnaryOp.NEGATE -> open.addAll(made.inputs());
      default -> {
        if (widens(made)) {
          open.addAll(made.inputs());
        }
        scaled(made, definitions).ifPresent(open::add);
      }
    }
  }
}
