package jaxon.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;

/// Reductions: float sums as products with ones on OpenBLAS, float32 maximum and minimum as loops,
/// folds of integers on ND4J, the rest on the interpreter.
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
    return switch (x.dtype()) {
      case F32, F64 -> {
        if (kind == Kind.SUM) {
          yield sum(lowering, x, kept, reduce.dims(), type);
        }
        if (kind == Kind.PRODUCT) {
          yield onNd4j(lowering, kind, x, kept, reduce.dims(), type);
        }
        yield x.dtype() == DType.F32
            ? extreme(lowering, kind, x, kept, reduce.dims(), type)
            : Fallback.one(lowering, reduce, List.of(x), type);
      }
      case I32, I64 -> onNd4j(lowering, kind, x, kept, reduce.dims(), type);
      case I1, I8, UI8, UI32, UI64, BF16, F16 -> Fallback.one(lowering, reduce, List.of(x), type);
    };
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

  private static View extreme(
      Lowering lowering,
      Kind kind,
      View x,
      List<Integer> kept,
      List<Integer> dims,
      TensorType type) {
    View rows = rows(x, kept, dims);
    View folded = foldedLast(rows, type.shape(), lowering);
    View z = lowering.fresh(type);
    lowering.emit(
        List.of(folded),
        z,
        linkage ->
            new RowExtreme(
                kind == Kind.MAX,
                linkage.tensor(folded),
                linkage.tensor(z),
                linkage.engine().workers()));
    return z;
  }

  /// Kept dims first, then the folded ones.
  private static View rows(View x, List<Integer> kept, List<Integer> dims) {
    List<Integer> order = new ArrayList<>(kept);
    order.addAll(dims);
    return x.transposed(order);
  }

  /// The rows with all folded dims merged into one last dim.
  private static View foldedLast(View rows, Shape kept, Lowering lowering) {
    Shape shape = kept.insert(kept.rank(), rows.elements() / kept.elements());
    return rows.reshaped(shape)
        .orElseGet(() -> {
          View copy = lowering.copyOnce(rows);
          return View.dense(copy.slot(), copy.dtype(), copy.offset(), shape);
        });
  }

  private static View onNd4j(
      Lowering lowering,
      Kind kind,
      View x,
      List<Integer> kept,
      List<Integer> dims,
      TensorType type) {
    View dense = lowering.dense(rows(x, kept, dims));
    View lastDim = lowering.constant(Literal.ofInts(new int[] {1}, 1));
    View z = lowering.fresh(type);
    int number =
        switch (kind) {
          case SUM -> 0;
          case MAX -> 1;
          case MIN -> 2;
          case PRODUCT -> 3;
          case AND, OR -> throw new IllegalStateException(kind + " of numbers");
        };
    long count = type.shape().elements();
    lowering.emit(
        List.of(dense, lastDim),
        z,
        linkage ->
            linkage
                .engine()
                .nd4j()
                .reduceRows(
                    number,
                    linkage.tensor(dense).array(List.of(count, dense.elements() / count)),
                    linkage.tensor(z).array(List.of(count)),
                    linkage.tensor(lastDim).flat()));
    return z;
  }
}
