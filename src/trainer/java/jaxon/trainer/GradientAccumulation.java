package jaxon.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import jaxon.autodiff.Grad;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Loss sums and the gradient of their total over a batch that is run in `steps` parts.
///
/// Each part differentiates the sum over its tokens, and the sums are divided once by the number of
/// counted tokens of the whole batch, so that the result does not depend on how masked tokens fall
/// into parts. Part `i` takes rows `i, i + steps, …`.
///
/// @param gradDtype type that gradients are summed in and given as
/// @param lossDtype type of the loss sums
record GradientAccumulation(int steps, DType gradDtype, DType lossDtype) {
  /// The sums and the gradient of the mean loss.
  record Result<M>(LossSums sums, M grads) {}

  <M> Result<M> run(M params, TrainBatch batch, BiFunction<M, TrainBatch, LossSums> loss) {
    Result<M> summed = steps == 1 ? part(params, batch, loss) : scan(params, batch, loss);
    // A batch without counted tokens has zero gradients, not NaN.
    Array tokens = summed.sums().weights().max(1.0);
    M mean = Tree.map(summed.grads(), g -> divide(g, tokens));
    return new Result<>(summed.sums(), mean);
  }

  /// The quotient in the gradient's type; the division is not, as bfloat16 counts to 256 only.
  private static Array divide(Array grad, Array tokens) {
    return grad.dtype() == DType.F64
        ? grad.div(tokens.astype(DType.F64))
        : grad.astype(DType.F32).div(tokens.astype(DType.F32)).astype(grad.dtype());
  }

  private <M> Result<M> part(M params, TrainBatch batch, BiFunction<M, TrainBatch, LossSums> loss) {
    Grad.ValueAndGrad<M, LossSums> result =
        Grad.valueAndGrad(
            params,
            p -> {
              LossSums sums = loss.apply(p, batch);
              return new Grad.Objective<>(sums.total(), sums);
            });
    return new Result<>(result.aux(), Tree.map(result.grad(), g -> g.astype(gradDtype)));
  }

  private <M> Result<M> scan(M params, TrainBatch batch, BiFunction<M, TrainBatch, LossSums> loss) {
    List<Array> parts = Tree.leaves(batch).stream().map(this::split).toList();
    Array zero = Ops.constant(lossDtype, 0);
    Result<M> none =
        new Result<>(
            new LossSums(zero, zero, zero),
            Tree.map(params, p -> Ops.zeros(p.type().withDType(gradDtype))));
    Control.ScanResult result =
        Control.scan(
            steps,
            false,
            Tree.leaves(none),
            parts,
            (carry, slices) -> {
              Result<M> sum = Tree.rebuild(none, carry);
              Result<M> next = part(params, Tree.rebuild(batch, slices), loss);
              Result<M> added =
                  new Result<>(
                      sum.sums().add(next.sums()), Tree.map(sum.grads(), next.grads(), Array::add));
              return new Control.ScanResult(Tree.leaves(added), List.of());
            });
    return Tree.rebuild(none, result.carry());
  }

  /// `[B, …]` to `[steps, B / steps, …]`, taking every `steps`-th row together.
  private Array split(Array leaf) {
    List<Long> dims = new ArrayList<>(List.of(leaf.dim(0) / steps, (long) steps));
    dims.addAll(leaf.shape().toList().subList(1, leaf.rank()));
    int[] permutation = IntStream.range(0, dims.size()).toArray();
    permutation[0] = 1;
    permutation[1] = 0;
    return leaf.reshape(Shape.of(dims)).transpose(permutation);
  }
}
