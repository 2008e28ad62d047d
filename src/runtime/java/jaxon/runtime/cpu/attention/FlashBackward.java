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

/// The composite `jaxon.attention_grad`: `(q, k, v, q segments, kv segments[, sinks], out,
/// log-sum-exps, cotangent[, q positions, kv positions]) -> cotangents of (q, k, v[, sinks])`.
///
/// A task is a key head with some of its blocks of keys; it makes their gradients whole and its
/// part of the queries' gradient. Where heads are few their blocks are spread over several tasks,
/// in such an order that in causal order all take the same time, and the parts are added up at the
/// end.
public final class FlashBackward implements HostKernel {
  /// Enough to keep the workers of one machine busy to the end.
  private static final int TASKS = 16;

  private static final int FLOAT = Float.BYTES;

  /// The forward composite's results and the cotangent of the first.
  private static final int RESIDUALS = 3;

  private final AttentionShape shape;
  private final BackwardBlocks.Operands layouts;
  private final Segments qSegments;
  private final Segments kvSegments;
  private final Optional<GivenPositions> positions;
  private final RowStatistics statistics;
  private final BackwardScratch memory;
  private final long sinkStride;
  private final List<BackwardBlocks> blocks;
  private final BandMask band;
  private final LogitTile logits;
  private final GradientTile gradient;
  private final QueryGradient queryGradient;
  private final OutputRows keyOutput;
  private final HeadLayout keyResult;
  private final int parts;

  private final WorkerPool.Task statisticsTask = this::runStatistics;
  private final WorkerPool.Task blocksTask = this::runPart;
  private final WorkerPool.Task sumTask = this::runSum;
  private final WorkerPool.Task sinkTask = this::runSink;

  private long[] operands = {};
  private long[] results = {};

  private FlashBackward(AttentionShape shape, List<Layout> operands, Dnnl dnnl, int workers) {
    this.shape = shape;
    int first = firstResidual(shape);
    HeadLayout dOut = HeadLayout.of(operands.get(first + 2));
    int stride = Lanes.padded(shape.headDim());
    layouts =
        new BackwardBlocks.Operands(
            HeadLayout.of(operands.get(0)),
            HeadLayout.of(operands.get(1)),
            HeadLayout.of(operands.get(2)),
            dOut,
            stride,
            new Products(dnnl, workers));
    qSegments = new Segments(operands.get(3));
    kvSegments = new Segments(operands.get(4));
    positions = positions(shape, operands);
    statistics =
        new RowStatistics(
            shape, HeadLayout.of(operands.get(first)), operands.get(first + 1), dOut, workers);
    sinkStride = shape.hasSinks() ? operands.get(AttentionShape.SINKS).strides().getFirst() : 0;
    blocks = BackwardBlocks.of(shape, layouts);
    band = shape.keyBand();
    logits = new LogitTile(shape.scale(), shape.softCap());
    boolean isBf16 = shape.dtype() == DType.BF16;
    gradient = new GradientTile(BackwardBlocks.COLUMNS, logits, isBf16);
    int keyHeads = shape.batch() * shape.groups();
    parts =
        Math.clamp((TASKS + keyHeads - 1) / Math.max(1, keyHeads), 1, Math.max(1, blocks.size()));
    queryGradient = new QueryGradient(shape, stride, parts, workers);
    keyOutput = new OutputRows(shape.headDim(), stride, shape.dtype());
    keyResult = HeadLayout.dense(shape.dtype(), shape.keys(), shape.groups(), shape.headDim());
    memory =
        BackwardScratch.of(
            qSegments.bytes()
                + kvSegments.bytes()
                + statistics.bytes()
                + queryGradient.bytes()
                + positions.map(GivenPositions::bytes).orElse(0L),
            stride,
            isBf16,
            workers);
  }

  /// Prepares the kernel for operands with these layouts.
  ///
  /// @throws UnsupportedOperationException if [#isSupported] is false for them
  public static FlashBackward of(
      ControlOp.Composite composite, List<Layout> operands, Dnnl dnnl, int workers) {
    AttentionShape shape = AttentionShape.of(composite, operands, RESIDUALS);
    return new FlashBackward(shape, operands, dnnl, workers);
  }

  /// Whether there is a kernel for operands with these layouts: bf16 or f32, with the elements of a
  /// head next to each other.
  public static boolean isSupported(List<Layout> operands) {
    return AttentionShape.unsupported(operands, RESIDUALS).isEmpty();
  }

  /// Tiles have keys for rows.
  private static Optional<GivenPositions> positions(AttentionShape shape, List<Layout> operands) {
    int last = operands.size() - 1;
    BandMask band = BandMask.ofKeys(shape.causal(), shape.window());
    return shape.hasPositions()
        ? Optional.of(new GivenPositions(operands.get(last), operands.get(last - 1), band))
        : Optional.empty();
  }

  private static int firstResidual(AttentionShape shape) {
    return AttentionShape.SINKS + (shape.hasSinks() ? 1 : 0);
  }

  @Override
  public long workerBytes() {
    return layouts.products().workerBytes();
  }

  @Override
  public long scratchBytes() {
    return memory.bytes();
  }

  @Override
  public void run(long[] operands, long[] results, long scratch, WorkerPool pool) {
    this.operands = operands;
    this.results = results;
    long at = scratch;
    qSegments.read(operands[3], at);
    at += qSegments.bytes();
    kvSegments.read(operands[4], at);
    at += kvSegments.bytes();
    statistics.use(at);
    at += statistics.bytes();
    queryGradient.use(at, results[0]);
    long positionsAt = at + queryGradient.bytes();
    positions.ifPresent(given -> {
      int last = operands.length - 1;
      given.read(operands[last], operands[last - 1], positionsAt);
    });
    memory.use(scratch);
    int pieces = (shape.queries() + PieceNumbers.PIECE - 1) / PieceNumbers.PIECE;
    pool.run(shape.batch() * pieces, statisticsTask);
    pool.run(shape.batch() * shape.groups() * parts, blocksTask);
    if (parts > 1) {
      pool.run(shape.batch() * shape.heads() * pieces, sumTask);
    }
    if (shape.hasSinks()) {
      pool.run(shape.heads(), sinkTask);
    }
  }

  private void runStatistics(int index, int worker) {
    int pieces = (shape.queries() + PieceNumbers.PIECE - 1) / PieceNumbers.PIECE;
    int from = index % pieces * PieceNumbers.PIECE;
    int to = Math.min(shape.queries(), from + PieceNumbers.PIECE);
    int first = firstResidual(shape);
    statistics.compute(
        operands[first],
        operands[first + 1],
        operands[first + 2],
        index / pieces,
        from,
        to,
        worker);
  }

  private void runPart(int index, int worker) {
    int part = index % parts;
    int keyHead = index / parts;
    int group = keyHead % shape.groups();
    int b = keyHead / shape.groups();
    long sums = queryGradient.begin(index, worker);
    for (int i = 0; i < blocks.size(); i++) {
      int turn = i % (2 * parts);
      if ((turn < parts ? turn : 2 * parts - 1 - turn) == part) {
        runBlock(blocks.get(i), b, group, worker, sums);
      }
    }
    if (parts == 1) {
      queryGradient.write(sums, b, group);
    }
  }

  private void runBlock(BackwardBlocks block, int b, int group, int worker, long sums) {
    memory.clearSums(worker, block.rows());
    for (int r = 0; r < shape.perGroup(); r++) {
      int head = group * shape.perGroup() + r;
      long querySums = queryGradient.head(sums, r);
      for (int i = 0; i < block.steps().size(); i++) {
        BackwardBlocks.Step step = block.steps().get(i);
        Sight sight =
            kvSegments.sight(
                qSegments,
                b,
                step.row(),
                step.row() + step.rows(),
                step.column(),
                step.column() + step.columns());
        if (sight != Sight.NOTHING && byPosition(step) != Sight.NOTHING) {
          runStep(block, step, sight, b, group, head, worker, querySums);
        }
      }
    }
    for (int i = 0; i < block.rows(); i++) {
      long offset = (long) i * keyOutput.stride() * FLOAT;
      int row = block.row() + i;
      keyOutput.write(
          memory.dKeys(worker) + offset, shape.scale(), keyResult.at(results[1], b, row, group));
      keyOutput.write(memory.dValues(worker) + offset, 1, keyResult.at(results[2], b, row, group));
    }
  }

  private Sight byPosition(BackwardBlocks.Step step) {
    int rowEnd = step.row() + step.rows();
    return positions.isEmpty()
        ? Sight.ALL
        : positions.get().sight(step.row(), rowEnd, step.column(), step.column() + step.columns());
  }

  private void runStep(
      BackwardBlocks block,
      BackwardBlocks.Step step,
      Sight sight,
      int b,
      int group,
      int head,
      int worker,
      long querySums) {
    long q = layouts.q().at(operands[0], b, step.column(), head);
    long k = layouts.k().at(operands[1], b, step.row(), group);
    long v = layouts.v().at(operands[2], b, step.row(), group);
    long dOut = layouts.dOut().at(operands[firstResidual(shape) + 2], b, step.column(), head);
    long tile = memory.logits(worker);
    step.products().run(worker, k, q, tile);
    prepare(step, sight, b, tile);
    step.dWeights().run(worker, v, dOut, memory.dWeights(worker));
    gradient.apply(
        tile,
        memory.dWeights(worker),
        memory.weights(worker),
        memory.slopes(worker),
        step.rows(),
        Lanes.padded(step.columns()),
        statistics.lse(b, head, step.column()),
        statistics.delta(b, head, step.column()));
    long within = (long) (step.row() - block.row()) * keyOutput.stride() * FLOAT;
    step.dValues().run(worker, memory.weights(worker), dOut, memory.dValues(worker) + within);
    step.dKeys().run(worker, memory.slopes(worker), q, memory.dKeys(worker) + within);
    long target = querySums + (long) step.column() * keyOutput.stride() * FLOAT;
    step.dQueries().run(worker, memory.slopes(worker), k, target);
  }

  /// Caps the products and hides what is not seen.
  private void prepare(BackwardBlocks.Step step, Sight sight, int b, long tile) {
    int stride = BackwardBlocks.COLUMNS;
    if (logits.rewrites()) {
      logits.apply(tile, stride, step.rows(), Lanes.padded(step.columns()));
    }
    if (step.banded()) {
      band.apply(tile, stride, step.row(), step.rows(), step.column(), step.columns());
    }
    if (byPosition(step) == Sight.SOME) {
      positions
          .orElseThrow()
          .hide(tile, stride, step.row(), step.rows(), step.column(), step.columns());
    }
    if (sight == Sight.SOME) {
      kvSegments.hide(
          qSegments, tile, stride, b, step.row(), step.rows(), step.column(), step.columns());
    }
  }

  private void runSum(int index, int worker) {
    queryGradient.addParts(index);
  }

  private void runSink(int head, int worker) {
    long at = operands[AttentionShape.SINKS] + head * sinkStride * FLOAT;
    float sink = HostMemory.ALL.get(HostMemory.FLOAT, at);
    HostMemory.ALL.set(
        HostMemory.FLOAT, results[3] + (long) head * FLOAT, statistics.sinkGradient(sink, head));
  }

  /// Five products of `2 · K` operations for each pair of positions that see each other.
  @Override
  public long flops() {
    return 10L * shape.headDim() * shape.visiblePairs();
  }

  @Override
  public long bytes() {
    return 4 * (shape.queryBytes() + shape.keyBytes());
  }

  @Override
  public void close() {
    layouts.products().close();
  }
}
