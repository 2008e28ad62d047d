package jaxon.runtime.kernel;

import jaxon.graph.interpret.BinaryKernels;
import jaxon.graph.interpret.Conversion;
import jaxon.graph.interpret.ElementwiseKernels;
import jaxon.graph.interpret.UnaryKernels;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.ElementwiseOp.Direction;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.DType;

/// Every elementwise op of every dtype as loops: floats in double, the rest in long, with the
/// interpreter's functions of one element; each result is rounded once.
///
/// These are for correctness everywhere, not for speed.
public final class WideLoops {
  private WideLoops() {}

  /// `op` on elements of `dtype`.
  public static HostLoop.ChunkKernel unary(UnaryOp op, DType dtype) {
    if (op == UnaryOp.IS_FINITE) {
      return isFinite(dtype);
    }
    if (dtype.isFloat()) {
      return (lanes, at, step, count) -> {
        double[] x = lanes.doubles(0);
        Elements.load(dtype, at[0], step[0], x, count);
        for (int i = 0; i < count; i++) {
          x[i] = UnaryKernels.compute(op, x[i]);
        }
        Elements.store(dtype, x, at[1], count);
      };
    }
    return (lanes, at, step, count) -> {
      long[] x = lanes.longs(0);
      Elements.load(dtype, at[0], step[0], x, count);
      for (int i = 0; i < count; i++) {
        x[i] = UnaryKernels.compute(op, dtype, x[i]);
      }
      Elements.store(dtype, x, at[1], count);
    };
  }

  private static HostLoop.ChunkKernel isFinite(DType dtype) {
    return (lanes, at, step, count) -> {
      double[] x = lanes.doubles(0);
      long[] z = lanes.longs(0);
      Elements.load(dtype, at[0], step[0], x, count);
      for (int i = 0; i < count; i++) {
        z[i] = Double.isFinite(x[i]) ? 1 : 0;
      }
      Elements.store(DType.I1, z, at[1], count);
    };
  }

  /// `op` on elements of `dtype`.
  public static HostLoop.ChunkKernel binary(BinaryOp op, DType dtype) {
    if (dtype.isFloat()) {
      return (lanes, at, step, count) -> {
        double[] x = lanes.doubles(0);
        double[] y = lanes.doubles(1);
        Elements.load(dtype, at[0], step[0], x, count);
        Elements.load(dtype, at[1], step[1], y, count);
        for (int i = 0; i < count; i++) {
          x[i] = BinaryKernels.compute(op, x[i], y[i]);
        }
        Elements.store(dtype, x, at[2], count);
      };
    }
    return (lanes, at, step, count) -> {
      long[] x = lanes.longs(0);
      long[] y = lanes.longs(1);
      Elements.load(dtype, at[0], step[0], x, count);
      Elements.load(dtype, at[1], step[1], y, count);
      for (int i = 0; i < count; i++) {
        x[i] = BinaryKernels.compute(op, dtype, x[i], y[i]);
      }
      Elements.store(dtype, x, at[2], count);
    };
  }

  /// The comparison of elements of `dtype`; results are `i1`.
  public static HostLoop.ChunkKernel compare(Direction direction, DType dtype) {
    if (dtype.isFloat()) {
      return (lanes, at, step, count) -> {
        double[] x = lanes.doubles(0);
        double[] y = lanes.doubles(1);
        long[] z = lanes.longs(0);
        Elements.load(dtype, at[0], step[0], x, count);
        Elements.load(dtype, at[1], step[1], y, count);
        for (int i = 0; i < count; i++) {
          z[i] = ElementwiseKernels.holds(direction, x[i], y[i]) ? 1 : 0;
        }
        Elements.store(DType.I1, z, at[2], count);
      };
    }
    return (lanes, at, step, count) -> {
      long[] x = lanes.longs(0);
      long[] y = lanes.longs(1);
      Elements.load(dtype, at[0], step[0], x, count);
      Elements.load(dtype, at[1], step[1], y, count);
      for (int i = 0; i < count; i++) {
        int order = BinaryKernels.compare(dtype, x[i], y[i]);
        x[i] = ElementwiseKernels.holds(direction, order, 0) ? 1 : 0;
      }
      Elements.store(DType.I1, x, at[2], count);
    };
  }

  /// The conversion by value.
  public static HostLoop.ChunkKernel convert(DType from, DType to) {
    if (from.isFloat()) {
      return to.isFloat() ? floatToFloat(from, to) : floatToInteger(from, to);
    }
    return to.isFloat() ? integerToFloat(from, to) : integerToInteger(from, to);
  }

  private static HostLoop.ChunkKernel floatToFloat(DType from, DType to) {
    return (lanes, at, step, count) -> {
      double[] x = lanes.doubles(0);
      Elements.load(from, at[0], step[0], x, count);
      Elements.store(to, x, at[1], count);
    };
  }

  private static HostLoop.ChunkKernel floatToInteger(DType from, DType to) {
    return (lanes, at, step, count) -> {
      double[] x = lanes.doubles(0);
      long[] z = lanes.longs(0);
      Elements.load(from, at[0], step[0], x, count);
      for (int i = 0; i < count; i++) {
        z[i] = Conversion.toInteger(x[i], to);
      }
      Elements.store(to, z, at[1], count);
    };
  }

  private static HostLoop.ChunkKernel integerToFloat(DType from, DType to) {
    return (lanes, at, step, count) -> {
      long[] x = lanes.longs(0);
      double[] z = lanes.doubles(0);
      Elements.load(from, at[0], step[0], x, count);
      for (int i = 0; i < count; i++) {
        z[i] = Conversion.toFloat(from, x[i], to);
      }
      Elements.store(to, z, at[1], count);
    };
  }

  private static HostLoop.ChunkKernel integerToInteger(DType from, DType to) {
    return (lanes, at, step, count) -> {
      long[] x = lanes.longs(0);
      Elements.load(from, at[0], step[0], x, count);
      for (int i = 0; i < count; i++) {
        x[i] = to.wrap(x[i]);
      }
      Elements.store(to, x, at[1], count);
    };
  }
}
