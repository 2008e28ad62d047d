package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.DOUBLE;
import static jaxon.runtime.host.HostMemory.FLOAT;
import static jaxon.runtime.host.HostMemory.INT;
import static jaxon.runtime.host.HostMemory.LONG;

import java.util.List;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.Combiner;
import jaxon.graph.type.DType;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Linkage;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// Scatters windows one after the other, so that sums do not depend on timing.
public final class ScatterKernel implements Kernel {
  private final Windows windows;
  private final Combiner combiner;
  private final Kernel base;
  private final Tensor result;
  private final Tensor indices;
  private final Tensor updates;
  private final StridedCopy copy;

  private ScatterKernel(
      Windows windows,
      Combiner combiner,
      Kernel base,
      Tensor result,
      Tensor indices,
      Tensor updates) {
    this.windows = windows;
    this.combiner = combiner;
    this.base = base;
    this.result = result;
    this.indices = indices;
    this.updates = updates;
    this.copy = StridedCopy.of(windows.inGathered(), windows.inOperand());
  }

  /// The scatter of `op`.
  ///
  /// @param base puts the operand into the result
  /// @param views the result, the dense indices and the dense updates
  public static ScatterKernel link(
      Linkage linkage, IndexOp.Scatter op, Kernel base, List<View> views) {
    View result = views.get(0);
    View indices = views.get(1);
    View updates = views.get(2);
    return new ScatterKernel(
        Windows.of(op.dims(), result, indices, updates),
        op.combiner(),
        base,
        linkage.tensor(result),
        linkage.tensor(indices),
        linkage.tensor(updates));
  }

  /// True for the dtypes that this kernel can add.
  public static boolean adds(DType dtype) {
    return switch (dtype) {
      case F32, F64, I32, UI32, I64, UI64 -> true;
      case I1, I8, UI8, BF16, F16 -> false;
    };
  }

  @Override
  public void run() {
    base.run();
    long to = result.address();
    long from = updates.address();
    long at = indices.address();
    for (int i = 0; i < windows.count(); i++) {
      long window = windows.fitting(i, at);
      if (window >= 0) {
        long source = from + windows.gatheredBytes(i);
        if (combiner == Combiner.SET) {
          copy.run(source, to + window);
        } else {
          add(source, to + window, 0);
        }
      }
    }
  }

  /// Adds the window's elements from dim `dim` on.
  private void add(long source, long target, int dim) {
    View x = windows.inGathered();
    View z = windows.inOperand();
    int width = x.dtype().bytes();
    if (dim == x.shape().rank()) {
      addRun(source, target, 0, 0, 1);
    } else if (dim == x.shape().rank() - 1) {
      addRun(source, target, x.stride(dim) * width, z.stride(dim) * width, x.dim(dim));
    } else {
      for (long i = 0; i < x.dim(dim); i++) {
        add(source + i * x.stride(dim) * width, target + i * z.stride(dim) * width, dim + 1);
      }
    }
  }

  private void addRun(long source, long target, long sourceStep, long targetStep, long count) {
    switch (result.dtype()) {
      case F32 -> {
        for (long i = 0; i < count; i++) {
          long at = target + i * targetStep;
          ALL.set(FLOAT, at, ALL.get(FLOAT, at) + ALL.get(FLOAT, source + i * sourceStep));
        }
      }
      case F64 -> {
        for (long i = 0; i < count; i++) {
          long at = target + i * targetStep;
          ALL.set(DOUBLE, at, ALL.get(DOUBLE, at) + ALL.get(DOUBLE, source + i * sourceStep));
        }
      }
      case I32, UI32 -> {
        for (long i = 0; i < count; i++) {
          long at = target + i * targetStep;
          ALL.set(INT, at, ALL.get(INT, at) + ALL.get(INT, source + i * sourceStep));
        }
      }
      case I64, UI64 -> {
        for (long i = 0; i < count; i++) {
          long at = target + i * targetStep;
          ALL.set(LONG, at, ALL.get(LONG, at) + ALL.get(LONG, source + i * sourceStep));
        }
      }
      case I1, I8, UI8, BF16, F16 ->
          throw new IllegalStateException("scatter cannot add " + result.dtype());
    }
  }
}
