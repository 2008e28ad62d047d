package jaxon.nd4j;

import java.util.List;
import java.util.Optional;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ReduceOp.Kind;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.kernel.RowExtreme;
import jaxon.runtime.kernel.RowFold;
import jaxon.runtime.kernel.Rows;
import jaxon.runtime.lower.Fallback;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.lower.MatrixOperand;
import jaxon.runtime.lower.ReduceLowering;
import jaxon.runtime.program.View;

/// Reductions: float sums as products with ones on OpenBLAS, extremes of float32 and folds of `i32`
/// and `i1` as loops of ours, the rest on the interpreter. ND4J's own are slow or wrong at the
/// edges.
final class Nd4jReduce {
  private Nd4jReduce() {}

  static View fold(
      Lowering lowering, ReduceOp.Reduce reduce, View x, List<Integer> kept, TensorType type) {
    if (x.dtype() == DType.BF16 || x.dtype() == DType.F16) {
      View wide = fold(lowering, reduce, lowering.widened(x), kept, type.withDType(DType.F32));
      return lowering.converted(wide, type.dtype());
    }
    Kind kind = reduce.kind();
    boolean isFloat = x.dtype() == DType.F32 || x.dtype() == DType.F64;
    if (isFloat && kind == Kind.SUM) {
      return sum(lowering, x, kept, reduce.dims(), type);
    }
    if (x.dtype() == DType.F32 && kind != Kind.PRODUCT) {
      Rows.Fold extreme = new RowExtreme(kind == Kind.MAX);
      return ReduceLowering.rows(lowering, x, kept, reduce.dims(), type, extreme);
    }
    if (RowFold.folds(x.dtype())) {
      Rows.Fold fold = RowFold.of(kind, x.dtype());
      return ReduceLowering.rows(lowering, x, kept, reduce.dims(), type, fold);
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
                linkage.workers()));
    return z;
  }

  /// The kept dims before the first folded one as a batch.
  private static Optional<MatrixOperand> batched(View x, List<Integer> kept, List<Integer> dims) {
    int first = dims.stream().mapToInt(Integer::intValue).min().orElse(0);
    int count = (int) kept.stream().filter(dim -> dim < first).count();
    return MatrixOperand.inPlace(x, kept.subList(0, count), kept.subList(count, kept.size()), dims);
  }
}
