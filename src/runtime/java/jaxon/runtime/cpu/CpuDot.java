package jaxon.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ContractOp.DotGeneral;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.cpu.decode.RowProduct;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.cpu.dnnl.DotPlan;
import jaxon.runtime.cpu.dnnl.Matmul;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.PlainProduct;
import jaxon.runtime.lower.BatchedProduct;
import jaxon.runtime.lower.Fallback;
import jaxon.runtime.lower.Lowering;
import jaxon.runtime.lower.MatrixOperand;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Linkage;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// dot_general as batched matrix products.
final class CpuDot {
  private CpuDot() {}

  static View lower(
      Lowering lowering, DotGeneral dot, List<View> operands, TensorType type, int threads) {
    if (operands.getFirst().dtype().isFloat() != type.dtype().isFloat()) {
      return Fallback.one(lowering, dot, operands, type);
    }
    BatchedProduct product = BatchedProduct.of(lowering, dot, operands.get(0), operands.get(1));
    View a = product.a().view();
    View b = product.b().view();
    View c = lowering.fresh(type);
    if (RowProduct.fits(product, type.dtype())) {
      lowering.emit(rows(product, c, threads));
      return c;
    }
    lowering.emit(List.of(a, b), c, linkage -> kernel(product, c, linkage));
    return c;
  }

  /// The product of a few rows, as in making text.
  private static Action rows(BatchedProduct product, View c, int threads) {
    boolean isSwapped = RowProduct.isSwapped(product);
    View few = isSwapped ? product.b().view() : product.a().view();
    View many = isSwapped ? product.a().view() : product.b().view();
    RowProduct rows = RowProduct.of(product, c.dtype(), threads);
    Slot scratch = new Slot(threads * rows.workerBytes());
    return new Action(
        List.of(few, many),
        List.of(Action.Write.fresh(c.slot()), Action.Write.fresh(scratch)),
        linkage -> {
          Tensor left = linkage.tensor(few);
          Tensor weights = linkage.tensor(many);
          Tensor target = linkage.tensor(c);
          Tensor room = linkage.tensor(View.dense(scratch, scratch.type()));
          WorkerPool workers = linkage.workers();
          return () ->
              rows.run(
                  left.address(), weights.address(), target.address(), room.address(), workers);
        });
  }

  private static Kernel kernel(BatchedProduct product, View c, Linkage linkage) {
    Tensor left = linkage.tensor(product.a().view());
    Tensor right = linkage.tensor(product.b().view());
    Tensor result = linkage.tensor(c);
    if (!isMultipliedByDnnl(product.a().view().dtype(), c.dtype())) {
      return new PlainProduct(sides(product), left, right, result, linkage.workers());
    }
    WorkerPool workers = linkage.workers();
    Matmul matmul = Matmul.prepare(Dnnl.get(), DotPlan.spec(product, c.dtype()), workers.threads());
    linkage.own(matmul);
    linkage.needsPerWorker(matmul.workerBytes());
    return new MatmulRun(matmul, left, right, result, workers);
  }

  private static boolean isMultipliedByDnnl(DType operand, DType result) {
    return switch (operand) {
      case F32 -> result == DType.F32;
      case BF16 -> result == DType.BF16 || result == DType.F32;
      case F64 -> result == DType.F64;
      case I1, I8, I32, I64, UI8, UI32, UI64, F16 -> false;
    };
  }

  private static PlainProduct.Sides sides(BatchedProduct product) {
    MatrixOperand a = product.a();
    MatrixOperand b = product.b();
    List<Long> sizes = new ArrayList<>(product.batch().toList());
    List<Long> left = new ArrayList<>(a.batch());
    List<Long> right = new ArrayList<>(b.batch());
    sizes.add(a.free());
    left.add(a.contractingIsInner() ? a.stride() : 1L);
    right.add(0L);
    return new PlainProduct.Sides(
        sizes,
        left,
        right,
        b.free(),
        a.contracting(),
        a.contractingIsInner() ? 1 : a.stride(),
        b.contractingIsInner() ? 1 : b.stride(),
        b.contractingIsInner() ? b.stride() : 1);
  }
}
