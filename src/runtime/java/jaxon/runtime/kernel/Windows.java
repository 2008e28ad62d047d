package jaxon.runtime.kernel;

import static jaxon.runtime.host.HostMemory.ALL;
import static jaxon.runtime.host.HostMemory.INT;
import static jaxon.runtime.host.HostMemory.LONG;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.View;

/// The windows of a gather or scatter: which part of the operand belongs to which part of the
/// gathered tensor (the result of a gather, the updates of a scatter).
///
/// What does not depend on the indices' values is computed when the program is linked.
public final class Windows {
  /// Per window, bytes to the first component of its index vector.
  private final long[] indexBytes;

  /// Per window, bytes in the operand that the batching dims add.
  private final long[] operandBytes;

  /// Per window, bytes in the gathered tensor to the window's first element.
  private final long[] gatheredBytes;

  /// Bytes from one component of an index vector to the next.
  private final long componentBytes;

  /// Bytes in the operand that one step of each component makes.
  private final long[] componentStrides;

  /// Largest start of each component at which the window fits.
  private final long[] last;

  private final DType indexType;
  private final View inOperand;
  private final View inGathered;

  private Windows(GatherDims dims, View operand, View indices, View gathered) {
    List<Integer> windowDims = new ArrayList<>();
    for (int i = 0; i < operand.shape().rank(); i++) {
      if (!dims.collapsedSliceDims().contains(i) && !dims.operandBatchingDims().contains(i)) {
        windowDims.add(i);
      }
    }
    this.inOperand = part(operand, windowDims, gathered, dims.offsetDims());
    this.inGathered = part(gathered, dims.offsetDims(), gathered, dims.offsetDims());
    this.componentStrides = new long[dims.startIndexMap().size()];
    this.last = new long[componentStrides.length];
    for (int i = 0; i < last.length; i++) {
      int dim = dims.startIndexMap().get(i);
      int window = windowDims.indexOf(dim);
      long size = window < 0 ? 1 : gathered.dim(dims.offsetDims().get(window));
      componentStrides[i] = operand.stride(dim) * operand.dtype().bytes();
      last[i] = operand.dim(dim) - size;
    }
    long[][] offsets = offsets(dims, operand, indices, gathered);
    this.indexBytes = offsets[0];
    this.operandBytes = offsets[1];
    this.gatheredBytes = offsets[2];
    this.indexType = indices.dtype();
    int vectorDim = dims.indexVectorDim();
    this.componentBytes =
        vectorDim == indices.shape().rank() ? 0 : indices.stride(vectorDim) * indexType.bytes();
  }

  /// The windows of a gather or scatter with these dimension numbers.
  static Windows of(GatherDims dims, View operand, View indices, View gathered) {
    return new Windows(dims, operand, indices, gathered);
  }

  /// The first window as a view of the operand.
  View inOperand() {
    return inOperand;
  }

  /// The first window as a view of the gathered tensor.
  View inGathered() {
    return inGathered;
  }

  /// Bytes in the gathered tensor to the first element of window `index`.
  long gatheredBytes(int index) {
    return gatheredBytes[index];
  }

  /// The part of `view` along `dims`, with the sizes that `sizes` has along `sizeDims`.
  private static View part(View view, List<Integer> dims, View sizes, List<Integer> sizeDims) {
    List<Long> shape = sizeDims.stream().map(sizes::dim).toList();
    List<Long> strides = dims.stream().map(view::stride).toList();
    return new View(view.slot(), view.dtype(), view.offset(), Shape.of(shape), strides);
  }

  /// Per window: bytes in the indices, in the operand (batching dims) and in the gathered tensor.
  private static long[][] offsets(GatherDims dims, View operand, View indices, View gathered) {
    List<Integer> batchDims = new ArrayList<>();
    for (int i = 0; i < gathered.shape().rank(); i++) {
      if (!dims.offsetDims().contains(i)) {
        batchDims.add(i);
      }
    }
    Shape batch = Shape.of(batchDims.stream().map(gathered::dim).toList());
    int windows = Math.toIntExact(batch.elements());
    long[][] offsets = new long[3][windows];
    for (int window = 0; window < windows; window++) {
      long rest = window;
      for (int i = batch.rank() - 1; i >= 0; i--) {
        long at = rest % batch.dim(i);
        rest /= batch.dim(i);
        int indexDim = i < dims.indexVectorDim() ? i : i + 1;
        offsets[0][window] += at * indices.stride(indexDim) * indices.dtype().bytes();
        int batching = dims.startIndicesBatchingDims().indexOf(indexDim);
        if (batching >= 0) {
          int dim = dims.operandBatchingDims().get(batching);
          offsets[1][window] += at * operand.stride(dim) * operand.dtype().bytes();
        }
        offsets[2][window] += at * gathered.stride(batchDims.get(i)) * gathered.dtype().bytes();
      }
    }
    return offsets;
  }

  int count() {
    return indexBytes.length;
  }

  /// Bytes to window `index` in the operand, its start clamped so that it fits.
  long clamped(int index, long indices) {
    long bytes = operandBytes[index];
    for (int i = 0; i < last.length; i++) {
      long start = start(index, i, indices);
      bytes += Math.clamp(start, 0L, last[i]) * componentStrides[i];
    }
    return bytes;
  }

  /// Bytes to window `index` in the operand, or -1 if it does not fit.
  long fitting(int index, long indices) {
    long bytes = operandBytes[index];
    for (int i = 0; i < last.length; i++) {
      long start = start(index, i, indices);
      if (start < 0 || start > last[i]) {
        return -1;
      }
      bytes += start * componentStrides[i];
    }
    return bytes;
  }

  private long start(int index, int component, long indices) {
    long address = indices + indexBytes[index] + component * componentBytes;
    return switch (indexType) {
      case I32 -> ALL.get(INT, address);
      case UI32 -> ALL.get(INT, address) & 0xFFFF_FFFFL;
      case I64 -> ALL.get(LONG, address);
      // Beyond the signed range every start is too large.
      case UI64 -> ALL.get(LONG, address) < 0 ? Long.MAX_VALUE : ALL.get(LONG, address);
      case I8 -> ALL.get(HostMemory.BYTE, address);
      case UI8 -> ALL.get(HostMemory.BYTE, address) & 0xFF;
      case I1, BF16, F16, F32, F64 -> throw new IllegalStateException("indices of " + indexType);
    };
  }
}
