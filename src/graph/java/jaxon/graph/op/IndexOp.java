package jaxon.graph.op;

import java.util.List;

/// Operations whose element positions are data.
public sealed interface IndexOp extends Op {
  /// `(operand, start_0, …, start_{r-1})`, starts scalar `i32` clamped so that the window of
  /// `sizes` fits.
  record DynamicSlice(List<Long> sizes) implements IndexOp {
    public DynamicSlice {
      sizes = List.copyOf(sizes);
    }

    @Override
    public String opName() {
      return "stablehlo.dynamic_slice";
    }
  }

  /// `(operand, update, start_0, …, start_{r-1})`: operand with the window at the clamped starts
  /// replaced.
  record DynamicUpdateSlice() implements IndexOp {
    @Override
    public String opName() {
      return "stablehlo.dynamic_update_slice";
    }
  }

  /// `(operand, start_indices)`: windows of `sliceSizes` at the given starts, clamped so that they
  /// fit.
  record Gather(GatherDims dims, List<Long> sliceSizes) implements IndexOp {
    public Gather {
      sliceSizes = List.copyOf(sliceSizes);
    }

    @Override
    public String opName() {
      return "stablehlo.gather";
    }
  }

  /// `(operand, scatter_indices, updates)`: combines each update window into the operand, one
  /// window after the other in row-major order of their indices; windows that do not fit are
  /// skipped. Sums of 16-bit floats are accumulated in float32 and rounded once. `dims` names the
  /// operand as [Gather] does: offset dims are StableHLO's `update_window_dims`, collapsed dims its
  /// `inserted_window_dims`.
  record Scatter(GatherDims dims, Combiner combiner) implements IndexOp {
    @Override
    public String opName() {
      return "stablehlo.scatter";
    }
  }

  /// Sorts all operands together along `dim` by the first operand; stable. NaN sorts last.
  record Sort(int dim, boolean descending) implements IndexOp {
    @Override
    public String opName() {
      return "stablehlo.sort";
    }
  }

  /// StableHLO's gather dimension numbers; a scatter with the same numbers is its transpose.
  record GatherDims(
      List<Integer> offsetDims,
      List<Integer> collapsedSliceDims,
      List<Integer> operandBatchingDims,
      List<Integer> startIndicesBatchingDims,
      List<Integer> startIndexMap,
      int indexVectorDim) {
    public GatherDims {
      offsetDims = List.copyOf(offsetDims);
      collapsedSliceDims = List.copyOf(collapsedSliceDims);
      operandBatchingDims = List.copyOf(operandBatchingDims);
      startIndicesBatchingDims = List.copyOf(startIndicesBatchingDims);
      startIndexMap = List.copyOf(startIndexMap);
    }
  }

  /// How [Scatter] combines an update with what is there.
  enum Combiner {
    /// Sum.
    ADD,
    /// The last update wins.
    SET
  }
}
