package jaxon.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jaxon.graph.Equation;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Reductions: float sums as products with ones on OpenBLAS, extremes of float32 and folds of `i32`
/// and `i1` as loops of ours, the rest on the interpreter. ND4J's own are slow or wrong at the
/// edges.
final class ReduceLowering {
  private ReduceLowering() {}

  static void lower(Lowering lowering, Equation equation, ReduceOp.Reduce reduce) {
    View x = lowering.view(equation.inputs().getFirst());
    lowering.define(equation.output(), apply(lowering, reduce, x, equation.output().type()));
  }

  private static View apply(Lowering lowering, ReduceOp.Reduce reduce, View x, TensorType type) {
    if (type.shape().elements() == 0) {
      return lowering.empty(type);
    }
    if (reduce.dims().isEmpty()) {
      return x;
    }
    if (x.elements() == 0) {
      return Fallback.one(lowering, reduce, List.of(x), type);
    }
    if (x.dtype() == DType.BF16 || x.dtype() == DType.F16) {
      View wide = apply(lowering, reduce, lowering.widened(x), type.withDType(DType.F32));
      return ElementwiseLowering.convert(lowering, wide, type.dtype());
    }
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      if (!reduce.dims().contains(i)) {
        kept.add(i);
      }
    }
    View once = x.cutTo(withoutRepeats(x, kept));
    Shape shape = once.shape().without(reduce.dims());
    View result = fold(lowering, reduce, once, kept, type.withShape(shape));
    return result.expandedTo(type.shape());
  }

  /// The shape of `x` with kept dims cut to 1 that repeat.
  private static Shape withoutRepeats(View x, List<Integer> kept) {
    Shape shape = x.shape();
    for (int dim : kept) {
      if (x.repeats(dim)) {
        shape = shape.with(dim, 1);
      }
    }
    return shape;
  }

  private static View fold(
      Lowering lowering, ReduceOp.Reduce reduce, View x, List<Integer> kept, TensorType type) {
    Kind kind = reduce.kind();
    boolean isFloat = x.dtype() == DType.F32 || x.dtype() == DType.F64;
    if (isFloat && kind == Kind.SUM) {
      return sum(lowering, x, kept, reduce.dims(), type);
    }
    if (x.dtype() == DType.F32 && kind != Kind.PRODUCT) {
      boolean isMax = kind == Kind.MAX;
      return rows(lowering, x, kept, reduce.dims(), type, rows -> new RowExtreme(isMax, rows));
    }
    if (RowFold.folds(x.dtype())) {
      return rows(lowering, x, kept, reduce.dims(), type, rows -> new RowFold(kind, rows));
    }
    return Fallback.one(lowering, reduce, List.of(x), type);
  }

  private static View sum(
      Lowering lowering, View x, List<Integer> kept, List<Integer> dims, TensorType type) {
    MatrixOperand matrix =
        MatrixOperand.inPlace(x, List.of(), kept, dims)
            .or(() -> batched(x, kept, dims))
            .orElseGet(() -> MatrixOperand.of(x, List.of(), dims, true, lowering));
    List<Integer> batch = kept.subList(0, matrix.batch().size());
    Shape batchShape = Shape.of(batch.stream().map(x::dim).toList());
    View z = lowering.fresh(type);
    lowering.emit(
        List.of(matrix.view()),
        z,
        linkage ->
            new MatrixSum(
                batchShape,
                matrix,
                linkage.tensor(matrix.view()),
                linkage.tensor(z),
                linkage.engine()));
    return z;
  }

  /// The kept dims before the first folded one as a batch.
  private static Optional<MatrixOperand> batched(View x, List<Integer> kept, List<Integer> dims) {
    int first = dims.stream().mapToInt(Integer::intValue).min().orElse(0);
    int count = (int) kept.stream().filter(dim -> dim < first).count();
    return MatrixOperand.inPlace(x, kept.subList(0, count), kept.subList(count, kept.size()), dims);
  }

  /// A fold of rows by a loop of ours: kept dims first, then the folded ones merged into one.
  private static View rows(
      Lowering lowering,
      View x,
      List<Integer> kept,
      List<Integer> dims,
      TensorType type,
      Function<Rows, Kernel> fold) {
    List<Integer> order = new ArrayList<>(kept);
    order.addAll(dims);
    View ordered = x.transposed(order);
    Shape shape = type.shape().insert(kept.size(), x.elements() / type.shape().elements());
    View rows = ordered.reshaped(shape).orElseGet(() -> reshapedCopy(lowering, ordered, shape));
    View z = lowering.fresh(type);
    lowering.emit(
        List.of(rows),
        z,
        linkage ->
            fold.apply(
                new Rows(linkage.tensor(rows), linkage.tensor(z), linkage.engine().workers())));
    return z;
  }

  private static View reshapedCopy(Lowering lowering, View view, Shape shape) {
    View copy = lowering.copyOnce(view);
    return View.dense(copy.slot(), copy.dtype(), copy.offset(), shape);
  }
}
