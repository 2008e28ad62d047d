package jaxon.runtime.cpu.attention;

import java.util.List;
import java.util.Optional;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.cpu.tile.LogitTile;
import jaxon.runtime.cpu.tile.Products;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.program.Layout;

/// The composite `jaxon.attention`: `(q, k, v, q segments, kv segments[, sinks][, q positions, kv
/// positions]) -> (out, log-sum-exps)`.
///
/// A task is a head with two blocks of queries, one from each end of the sequence, so that in
/// causal order all tasks take the same time.
public final class FlashForward implements HostKernel {
  private static final double LN_2 = Math.log(2);
  private static final int FLOAT = Float.BYTES;

  /// The log-sum-exp of a query that sees nothing: small beyond use, and finite in units of log 2.
  private static final float NOTHING_SEEN = -1e30f;

  private final AttentionShape shape;
  private final HeadLayout q;
  private final HeadLayout k;
  private final HeadLayout v;
  private final HeadLayout out;
  private final Segments qSegments;
  private final Segments kvSegments;
  private final Optional<GivenPositions> positions;
  private final long sinkStride;
  private final Products products;
  private final List<ForwardBlocks> blocks;
  private final BandMask band;
  private final LogitTile logits;
  private final SoftmaxTile softmax;
  private final OutputRows output;
  private final int workers;
  private final int pairs;
  private final WorkerPool.Task task = this::runPair;

  // Scratch of one worker: logits, weights, result, then the maximum and the sum of each row.
  private final long weightsAt;
  private final long resultAt;
  private final long maxAt;
  private final long sumAt;
  private final long workerBytes;

  private long[] operands = {};
  private long[] results = {};
  private long workerScratch;

  private FlashForward(AttentionShape shape, List<Layout> operands, Dnnl dnnl, int workers) {
    this.shape = shape;
    this.workers = workers;
    q = HeadLayout.of(operands.get(0));
    k = HeadLayout.of(operands.get(1));
    v = HeadLayout.of(operands.get(2));
    out = HeadLayout.dense(shape.dtype(), shape.queries(), shape.heads(), shape.headDim());
    qSegments = new Segments(operands.get(3));
    kvSegments = new Segments(operands.get(4));
    positions = positions(shape, operands);
    sinkStride = shape.hasSinks() ? operands.get(AttentionShape.SINKS).strides().getFirst() : 0;
    int outStride = Lanes.padded(shape.headDim());
    products = new Products(dnnl, workers);
    blocks = ForwardBlocks.of(shape, q, k, v, outStride, products);
    band = shape.queryBand();
    logits = new LogitTile(shape.scale(), shape.softCap());
    softmax = new SoftmaxTile(ForwardBlocks.COLUMNS, outStride, shape.dtype() == DType.BF16);
    output = new OutputRows(shape.headDim(), outStride, shape.dtype());
    pairs = (blocks.size() + 1) / 2;
    long tile = (long) ForwardBlocks.ROWS * ForwardBlocks.COLUMNS;
    weightsAt = tile * FLOAT;
    // Weights in f32 take the place of their logits.
    resultAt = shape.dtype() == DType.BF16 ? weightsAt + tile * Short.BYTES : weightsAt;
    maxAt = resultAt + (long) ForwardBlocks.ROWS * outStride * FLOAT;
    sumAt = maxAt + (long) ForwardBlocks.ROWS * FLOAT;
    workerBytes = PieceNumbers.align(sumAt + (long) ForwardBlocks.ROWS * Lanes.COUNT * FLOAT);
  }

  /// Prepares the kernel for operands with these layouts.
  ///
  /// @throws UnsupportedOperationException if [#isSupported] is false for them
  public static FlashForward of(
      ControlOp.Composite composite, List<Layout> operands, Dnnl dnnl, int workers) {
    AttentionShape shape = AttentionShape.of(composite, operands, 0);
    return new FlashForward(shape, operands, dnnl, workers);
  }

  /// Whether there is a kernel for operands with these layouts: bf16 or f32, with the elements of a
  /// head next to each other.
  public static boolean isSupported(List<Layout> operands) {
    return AttentionShape.unsupported(operands, 0).isEmpty();
  }

  private static Optional<GivenPositions> positions(AttentionShape shape, List<Layout> operands) {
    int last = operands.size() - 1;
    BandMask band = BandMask.ofQueries(shape.causal(), shape.window());
    return shape.hasPositions()
        ? Optional.of(new GivenPositions(operands.get(last - 1), operands.get(last), band))
        : Optional.empty();
  }

  @Override
  public long workerBytes() {
    return products.workerBytes();
  }

  @Override
  public long scratchBytes() {
    return sharedBytes() + workers * workerBytes;
  }

  private long sharedBytes() {
    return qSegments.bytes() + kvSegments.bytes() + positions.map(GivenPositions::bytes).orElse(0L);
  }

  @Override
  public void run(long[] operands, long[] results, long scratch, WorkerPool pool) {
    this.operands = operands;
    this.results = results;
    qSegments.read(operands[3], scratch);
    kvSegments.read(operands[4], scratch + qSegments.bytes());
    positions.ifPresent(given -> {
      int last = operands.length - 1;
      long at = scratch + qSegments.bytes() + kvSegments.bytes();
      given.read(operands[last - 1], operands[last], at);
    });
    workerScratch = scratch + sharedBytes();
    pool.run(shape.batch() * shape.heads() * pairs, task);
  }

  private void runPair(int index, int worker) {
    int first = index % pairs;
    int head = index / pairs % shape.heads();
    int b = index / pairs / shape.heads();
    int last = blocks.size() - 1 - first;
    runBlock(blocks.get(first), b, head, worker);
    if (last != first) {
      runBlock(blocks.get(last), b, head, worker);
    }
  }

  private void runBlock(ForwardBlocks block, int b, int head, int worker) {
    long scratch = workerScratch + worker * workerBytes;
    softmax.reset(scratch + maxAt, scratch + sumAt, scratch + resultAt, block.rows());
    int group = head / shape.perGroup();
    long qAt = q.at(operands[0], b, block.row(), head);
    List<ForwardBlocks.Step> steps = block.steps();
    for (int i = 0; i < steps.size(); i++) {
      ForwardBlocks.Step step = steps.get(i);
      Sight sight =
          qSegments.sight(
              kvSegments,
              b,
              block.row(),
              block.row() + block.rows(),
              step.column(),
              step.column() + step.columns());
      Sight byPosition = byPosition(block, step);
      if (sight == Sight.NOTHING || byPosition == Sight.NOTHING) {
        continue;
      }
      step.logits().run(worker, qAt, k.at(operands[1], b, step.column(), group), scratch);
      prepare(block, step, sight, b, scratch);
      if (byPosition == Sight.SOME) {
        hideByPosition(block, step, scratch);
      }
      softmax.update(
          scratch,
          weights(scratch),
          block.rows(),
          Lanes.padded(step.columns()),
          logits.factor(),
          scratch + maxAt,
          scratch + sumAt,
          scratch + resultAt);
      step.values()
          .run(
              worker,
              weights(scratch),
              v.at(operands[2], b, step.column(), group),
              scratch + resultAt);
    }
    finish(block, b, head, scratch);
  }

  private Sight byPosition(ForwardBlocks block, ForwardBlocks.Step step) {
    int rowEnd = block.row() + block.rows();
    return positions.isEmpty()
        ? Sight.ALL
        : positions.get().sight(block.row(), rowEnd, step.column(), step.column() + step.columns());
  }

  private void hideByPosition(ForwardBlocks block, ForwardBlocks.Step step, long tile) {
    positions
        .orElseThrow()
        .hide(
            tile, ForwardBlocks.COLUMNS, block.row(), block.rows(), step.column(), step.columns());
  }

  private long weights(long scratch) {
    return shape.dtype() == DType.BF16 ? scratch + weightsAt : scratch;
  }

  /// Caps the products and hides what is not seen.
  private void prepare(
      ForwardBlocks block, ForwardBlocks.Step step, Sight sight, int b, long tile) {
    int stride = ForwardBlocks.COLUMNS;
    if (logits.rewrites()) {
      logits.apply(tile, stride, block.rows(), Lanes.padded(step.columns()));
    }
    if (step.banded()) {
      band.apply(tile, stride, block.row(), block.rows(), step.column(), step.columns());
    }
    if (sight == Sight.SOME) {
      qSegments.hide(
          kvSegments, tile, stride, b, block.row(), block.rows(), step.column(), step.columns());
    }
  }

  /// Divides by the sums, with the sink's part in them, and writes the results.
  private void finish(ForwardBlocks block, int b, int head, long scratch) {
    boolean hasSink = shape.hasSinks();
    double sink =
        hasSink
            ? HostMemory.ALL.get(
                    HostMemory.FLOAT, operands[AttentionShape.SINKS] + head * sinkStride * FLOAT)
                / LN_2
            : 0;
    long lse =
        results[1] + (((long) b * shape.heads() + head) * shape.queries() + block.row()) * FLOAT;
    for (int i = 0; i < block.rows(); i++) {
      float max = HostMemory.ALL.get(HostMemory.FLOAT, scratch + maxAt + (long) i * FLOAT);
      float sum = Lanes.sum(scratch + sumAt + (long) i * Lanes.COUNT * FLOAT);
      double most = hasSink ? Math.max(max, sink) : max;
      double own = Math.pow(2, max - most);
      double total = sum * own + (hasSink ? Math.pow(2, sink - most) : 0);
      boolean empty = total == 0;
      float value = empty ? NOTHING_SEEN : (float) (most * LN_2 + Math.log(total));
      HostMemory.ALL.set(HostMemory.FLOAT, lse + (long) i * FLOAT, value);
      long row = scratch + resultAt + (long) i * output.stride() * FLOAT;
      float factor = empty ? 0 : (float) (own / total);
      output.write(row, factor, out.at(results[0], b, block.row() + i, head));
    }
  }

  /// Two products of `2 · K` operations for each pair of positions that see each other.
  @Override
  public long flops() {
    return 4L * shape.headDim() * shape.visiblePairs();
  }

  @Override
  public long bytes() {
    return 2 * (shape.queryBytes() + shape.keyBytes());
  }

  @Override
  public void close() {
    products.close();
  }
}
