package jaxon.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.ShapeException;
import org.jspecify.annotations.Nullable;

/// Derivatives of functions from trees to scalars, inside a trace.
public final class Grad {
  private Grad() {}

  /// What an objective gives: the scalar to differentiate and anything else to keep (a tree).
  public record Objective<A>(Array loss, A aux) {}

  /// The objective's values and its gradient, which has the structure of the parameters.
  public record ValueAndGrad<P, A>(Array loss, A aux, P grad) {}

  /// Evaluates `objective` at `params` and differentiates its loss with respect to every leaf.
  ///
  /// All leaves must be floats and the loss a scalar float; otherwise throws [ShapeException]. The
  /// objective may use other arrays of the enclosing trace; they are constants to it.
  public static <P, A> ValueAndGrad<P, A> valueAndGrad(
      P params, Function<P, Objective<A>> objective) {
    List<Array> leaves = Tree.leaves(params);
    checkLeaves(params);
    List<Objective<A>> traced = new ArrayList<>();
    Tracer.Traced function =
        Tracer.trace(
            "objective",
            leaves.stream().map(Array::type).toList(),
            args -> {
              Objective<A> result = objective.apply(Tree.rebuild(params, args));
              traced.add(result);
              return Tree.leaves(result);
            });
    Objective<A> template = traced.getFirst();
    checkLoss(template.loss());
    int captures = function.captures().size();
    List<Array> args = new ArrayList<>(function.captures());
    args.addAll(leaves);
    List<Boolean> wanted = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      wanted.add(i >= captures);
    }
    Linearization linear = Linearization.of(function.graph(), args, wanted);
    List<@Nullable Array> cotangents = new ArrayList<>();
    for (int i = 0; i < linear.outputs().size(); i++) {
      cotangents.add(i == 0 ? Ops.constant(template.loss().dtype(), 1.0) : null);
    }
    List<@Nullable Array> grads = linear.pullback(cotangents);
    List<Array> gradLeaves = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      gradLeaves.add(Cotangents.orZeros(grads.get(captures + i), leaves.get(i).type()));
    }
    Objective<A> values = Tree.rebuild(template, linear.outputs());
    return new ValueAndGrad<>(values.loss(), values.aux(), Tree.rebuild(params, gradLeaves));
  }

  private static void checkLeaves(Object params) {
    Tree.leavesByPath(params)
        .forEach((path, leaf) -> {
          if (!leaf.dtype().isFloat()) {
            throw new ShapeException(
                "gradient with respect to '"
                    + path
                    + "' of type "
                    + leaf.type()
                    + ": only float parameters have one; pass the others from outside the objective");
          }
        });
  }

  private static void checkLoss(Array loss) {
    if (loss.rank() != 0 || !loss.dtype().isFloat()) {
      throw new ShapeException(
          "the loss must be a scalar float, got " + loss.type() + ": reduce it with sum or mean");
    }
  }
}
