package jaxon.sharding.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.IndexOp.GatherDims;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;

/// Gather and scatter, which relate the same three tensors: the table, the indices, and the
/// gathered windows (of a scatter: the updates).
///
/// Batch dims (of indices and windows), batching dims (of all three) and dims that a window covers
/// are parallel. Two more may be cut:
/// * the one dim of the table that is indexed, as a vocabulary is: each device looks up what falls
///   into its block. A gather then has zeros for the rest, and the sum over the devices is the
///   result; a scatter simply skips the rest.
/// * the batch dims of an adding scatter, as the tokens are in the gradient of an embedding: each
///   device adds its own updates, and the sum over the devices is the result.
public final class GatherShardingRules {
  private GatherShardingRules() {}

  /// The table's dim that single indices choose from, if there is one: −1 if there is none.
  public static int indexedDim(GatherDims dims) {
    boolean one =
        dims.startIndexMap().size() == 1
            && dims.collapsedSliceDims().contains(dims.startIndexMap().getFirst());
    return one ? dims.startIndexMap().getFirst() : -1;
  }

  static OpRule gather(IndexOp.Gather op, Equation equation) {
    Shape table = equation.inputs().get(0).type().shape();
    Shape indices = equation.inputs().get(1).type().shape();
    Shape windows = equation.output().type().shape();
    boolean sums = equation.output().type().dtype() != DType.I1;
    OpRule.Builder builder = new OpRule.Builder();
    Dims found = new Dims(op.dims(), table, indices, windows, builder);
    found.batch(size -> Factor.parallel(size));
    found.table(size -> sums ? Factor.folded(size, ReduceOp.Kind.SUM) : Factor.whole(size));
    return builder
        .operand(found.tableDims)
        .operand(found.indexDims)
        .result(found.windowDims)
        .build();
  }

  static OpRule scatter(IndexOp.Scatter op, Equation equation) {
    Shape table = equation.inputs().get(0).type().shape();
    Shape indices = equation.inputs().get(1).type().shape();
    Shape windows = equation.inputs().get(2).type().shape();
    boolean sums =
        op.combiner() == IndexOp.Combiner.ADD && equation.output().type().dtype() != DType.I1;
    OpRule.Builder builder = new OpRule.Builder();
    Dims found = new Dims(op.dims(), table, indices, windows, builder);
    found.batch(size -> sums ? Factor.folded(size, ReduceOp.Kind.SUM) : Factor.whole(size));
    found.table(Factor::parallel);
    return builder
        .operand(found.tableDims)
        .operand(found.indexDims)
        .operand(found.windowDims)
        .result(found.tableDims)
        .build();
  }

  /// The factors of the three tensors' dims.
  private static final class Dims {
    private final GatherDims dims;
    private final Shape table;
    private final Shape indices;
    private final Shape windows;
    private final OpRule.Builder builder;
    private final List<Integer> tableDims = new ArrayList<>();
    private final List<Integer> indexDims = new ArrayList<>();
    private final List<Integer> windowDims = new ArrayList<>();

    Dims(GatherDims dims, Shape table, Shape indices, Shape windows, OpRule.Builder builder) {
      this.dims = dims;
      this.table = table;
      this.indices = indices;
      this.windows = windows;
      this.builder = builder;
    }

    /// Factors of the indices' dims, and of the windows' batch dims, which are the same in order.
    void batch(LongFunction<Factor> kind) {
      List<Integer> batch = new ArrayList<>();
      for (int dim = 0; dim < indices.rank(); dim++) {
        long size = indices.dim(dim);
        boolean vector = dim == dims.indexVectorDim();
        boolean batching = dims.startIndicesBatchingDims().contains(dim);
        Factor factor = vector ? Factor.whole(size) : kind.apply(size);
        indexDims.add(builder.factor(batching ? Factor.parallel(size) : factor));
        if (!vector) {
          batch.add(indexDims.getLast());
        }
      }
      int next = 0;
      for (int dim = 0; dim < windows.rank(); dim++) {
        boolean offset = dims.offsetDims().contains(dim);
        windowDims.add(offset ? -1 : batch.get(next++));
      }
    }

    /// Factors of the table's dims, and of the windows' other dims.
    void table(LongFunction<Factor> indexed) {
      List<Integer> covered =
          IntStream.range(0, table.rank())
              .filter(dim -> !dims.collapsedSliceDims().contains(dim))
              .filter(dim -> !dims.operandBatchingDims().contains(dim))
              .boxed()
              .toList();
      for (int dim = 0; dim < table.rank(); dim++) {
        long size = table.dim(dim);
        int batching = dims.operandBatchingDims().indexOf(dim);
        int window = covered.indexOf(dim);
        if (batching >= 0) {
          tableDims.add(indexDims.get(dims.startIndicesBatchingDims().get(batching)));
        } else if (window >= 0) {
          window(size, dims.offsetDims().get(window));
        } else {
          boolean looksUp = dim == indexedDim(dims);
          tableDims.add(builder.factor(looksUp ? indexed.apply(size) : Factor.whole(size)));
        }
      }
    }

    private void window(long size, int to) {
      boolean covers = windows.dim(to) == size;
      tableDims.add(builder.factor(covers ? Factor.parallel(size) : Factor.whole(size)));
      windowDims.set(
          to, covers ? tableDims.getLast() : builder.factor(Factor.whole(windows.dim(to))));
    }
  }
}
