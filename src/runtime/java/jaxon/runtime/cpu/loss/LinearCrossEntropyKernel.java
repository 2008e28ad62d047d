package jaxon.runtime.cpu.loss;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.Bf16;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.dnnl.Dnnl;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.cpu.tile.LogitTile;
import jaxon.runtime.cpu.tile.Products;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.program.Layout;

/// The composites `jaxon.linear_cross_entropy` and `jaxon.linear_cross_entropy_grad`: `(hidden,
/// kernel, targets, weights) -> (total, z-loss[, gradients of hidden and kernel])`.
public final class LinearCrossEntropyKernel implements HostKernel {
  private static final int FLOAT = Float.BYTES;
  private static final double LN_2 = Math.log(2);

  /// Tokens per task where blocks are brought together.
  private static final int CHUNK = 64;

  private final LossShape shape;
  private final boolean hasGradient;
  private final boolean isBf16;
  private final LogitTile form;
  private final LossRows rows;
  private final Layout targets;
  private final Layout weights;
  private final Products products;
  private final List<LossTile> tiles = new ArrayList<>();
  private final LossScratch memory;

  private final WorkerPool.Task logitsTask = this::runLogits;
  private final WorkerPool.Task lossTask = this::runLosses;
  private final WorkerPool.Task gradientTask = this::runGradient;
  private final WorkerPool.Task hiddenTask = this::runHidden;

  private long[] operands = {};
  private long[] results = {};
  private LossTile current;

  private LinearCrossEntropyKernel(
      LossShape shape, boolean hasGradient, List<Layout> operands, Dnnl dnnl, int workers) {
    this.shape = shape;
    this.hasGradient = hasGradient;
    isBf16 = shape.dtype() == DType.BF16;
    form = new LogitTile(1 / shape.divisor(), shape.softCap());
    rows = new LossRows(form, isBf16);
    targets = operands.get(2);
    weights = operands.get(3);
    products = new Products(dnnl, workers);
    memory = new LossScratch(shape, hasGradient, workers);
    for (int from = 0; from < shape.tokens(); from += shape.tile()) {
      int count = Math.min(shape.tile(), shape.tokens() - from);
      tiles.add(LossTile.of(shape, from, count, hasGradient, workers, products));
    }
    current = LossTile.of(shape, 0, 0, false, workers, products);
  }

  /// Prepares the kernel for operands with these layouts.
  ///
  /// @param hasGradient whether it is the composite with gradients
  /// @throws UnsupportedOperationException if [#isSupported] is false for them
  public static LinearCrossEntropyKernel of(
      ControlOp.Composite composite,
      boolean hasGradient,
      List<Layout> operands,
      Dnnl dnnl,
      int workers) {
    LossShape shape = LossShape.of(composite, operands);
    return new LinearCrossEntropyKernel(shape, hasGradient, operands, dnnl, workers);
  }

  /// Whether there is a kernel for operands with these layouts: hidden values and kernel both bf16
  /// or both f32, by dense rows.
  public static boolean isSupported(List<Layout> operands) {
    return LossShape.unsupported(operands).isEmpty();
  }

  @Override
  public long workerBytes() {
    return products.workerBytes();
  }

  @Override
  public long scratchBytes() {
    return memory.bytes();
  }

  @Override
  public void run(long[] operands, long[] results, long scratch, WorkerPool pool) {
    this.operands = operands;
    this.results = results;
    memory.use(scratch);
    double total = 0;
    double zLoss = 0;
    for (int i = 0; i < tiles.size(); i++) {
      current = tiles.get(i);
      pool.run(shape.blocks(), logitsTask);
      pool.run((current.count() + CHUNK - 1) / CHUNK, lossTask);
      for (int t = 0; t < current.count(); t++) {
        total += HostMemory.ALL.get(HostMemory.DOUBLE, memory.loss(t));
        zLoss += HostMemory.ALL.get(HostMemory.DOUBLE, memory.zLoss(t));
      }
      if (hasGradient) {
        pool.run(shape.blocks(), gradientTask);
        pool.run(current.hiddenTasks(), hiddenTask);
      }
    }
    if (hasGradient && tiles.isEmpty()) {
      long bytes = (long) shape.width() * shape.vocab() * FLOAT;
      HostMemory.ALL.asSlice(results[3], bytes).fill((byte) 0);
    }
    HostMemory.ALL.set(HostMemory.FLOAT, results[0], (float) total);
    HostMemory.ALL.set(HostMemory.FLOAT, results[1], (float) zLoss);
  }

  private long hidden(int token) {
    return operands[0] + (current.from() + token) * shape.hiddenStride() * shape.dtype().bytes();
  }

  private int target(int token) {
    long at = (current.from() + token) * targets.strides().getFirst();
    return HostMemory.ALL.get(HostMemory.INT, operands[2] + at * Integer.BYTES);
  }

  private float weight(int token) {
    long at = (current.from() + token) * weights.strides().getFirst();
    return HostMemory.ALL.get(HostMemory.FLOAT, operands[3] + at * FLOAT);
  }

  /// Logits of one block of the vocabulary, and what the log-sum-exps and gradients need of them.
  private void runLogits(int block, int worker) {
    int columns = shape.columns(block);
    int padded = Lanes.padded(columns);
    long tile = memory.logits(worker);
    for (int row = 0; row < current.count(); row += LossShape.ROWS) {
      int count = Math.min(LossShape.ROWS, current.count() - row);
      current
          .logits(block, count)
          .run(worker, hidden(row), operands[1] + shape.kernelOffset(block), tile);
      if (form.rewrites()) {
        form.apply(tile, LossShape.BLOCK, count, padded);
      }
      for (int i = 0; i < count; i++) {
        long start = tile + (long) i * LossShape.BLOCK * FLOAT;
        pad(start, columns, padded);
        readTarget(row + i, block, start, columns);
        long sum = memory.sum(block, row + i);
        float max =
            hasGradient
                ? rows.keepPowers(start, padded, sum, memory.slopes(row + i, block))
                : rows.statistics(start, padded, sum);
        HostMemory.ALL.set(HostMemory.FLOAT, memory.max(block, row + i), max);
      }
    }
  }

  private static void pad(long row, int columns, int padded) {
    for (int j = columns; j < padded; j++) {
      HostMemory.ALL.set(HostMemory.FLOAT, row + (long) j * FLOAT, Float.NEGATIVE_INFINITY);
    }
  }

  /// Keeps the logit of a token's target if it is in this block.
  private void readTarget(int token, int block, long row, int columns) {
    int column = target(token) - block * LossShape.BLOCK;
    if (column >= 0 && column < columns) {
      float logit = HostMemory.ALL.get(HostMemory.FLOAT, row + (long) column * FLOAT);
      HostMemory.ALL.set(HostMemory.FLOAT, memory.target(token), logit * form.factor());
    }
  }

  /// Brings the blocks of some tokens together, in order.
  private void runLosses(int chunk, int worker) {
    int end = Math.min(current.count(), (chunk + 1) * CHUNK);
    for (int t = chunk * CHUNK; t < end; t++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int block = 0; block < shape.blocks(); block++) {
        most = Math.max(most, HostMemory.ALL.get(HostMemory.FLOAT, memory.max(block, t)));
      }
      double sum = 0;
      for (int block = 0; block < shape.blocks(); block++) {
        float max = HostMemory.ALL.get(HostMemory.FLOAT, memory.max(block, t));
        float part = Lanes.sum(memory.sum(block, t));
        sum += part * Math.exp((max - most) * LN_2);
      }
      double lse = most * LN_2 + Math.log(sum);
      double weight = weight(t);
      double ofTarget = HostMemory.ALL.get(HostMemory.FLOAT, memory.target(t)) * LN_2;
      double zLoss = shape.zLoss() == 0 ? 0 : shape.zLoss() * lse * lse;
      HostMemory.ALL.set(HostMemory.DOUBLE, memory.loss(t), weight * (lse - ofTarget + zLoss));
      HostMemory.ALL.set(HostMemory.DOUBLE, memory.zLoss(t), weight * zLoss);
      HostMemory.ALL.set(HostMemory.FLOAT, memory.lse(t), (float) (lse / LN_2));
      HostMemory.ALL.set(
          HostMemory.FLOAT,
          memory.coefficient(t),
          (float) (weight * (1 + 2 * shape.zLoss() * lse) / shape.divisor()));
    }
  }

  /// Cotangents of one block's products, and its part of the kernel's gradient.
  private void runGradient(int block, int worker) {
    int columns = shape.columns(block);
    int padded = Lanes.padded(columns);
    for (int t = 0; t < current.count(); t++) {
      long slopes = memory.slopes(t, block);
      float lse = HostMemory.ALL.get(HostMemory.FLOAT, memory.lse(t));
      float max = HostMemory.ALL.get(HostMemory.FLOAT, memory.max(block, t));
      float coefficient = HostMemory.ALL.get(HostMemory.FLOAT, memory.coefficient(t));
      rows.scale(slopes, padded, (float) (Math.exp((max - lse) * LN_2) * coefficient));
      int column = target(t) - block * LossShape.BLOCK;
      if (column >= 0 && column < columns) {
        setTarget(t, slopes, column, lse, coefficient);
      }
    }
    current
        .dKernel(block)
        .run(
            worker,
            shape.isEmbedding() ? memory.slopes(0, block) : hidden(0),
            shape.isEmbedding() ? hidden(0) : memory.slopes(0, block),
            results[3] + shape.gradientOffset(block));
  }

  /// The gradient of some hidden values.
  private void runHidden(int chunk, int worker) {
    int row = chunk * current.hiddenRows();
    int count = Math.min(current.hiddenRows(), current.count() - row);
    long at = (long) (current.from() + row) * shape.width() * shape.dtype().bytes();
    current.dHidden(count).run(worker, memory.slopes(row, 0), operands[1], results[2] + at);
  }

  private void setTarget(int t, long slopes, int column, float lse, float coefficient) {
    double logit = HostMemory.ALL.get(HostMemory.FLOAT, memory.target(t));
    double p = Math.exp((logit - lse) * LN_2);
    double tanh = shape.softCap() == 0 ? 0 : logit * LN_2 / shape.softCap();
    float x = (float) ((p * coefficient - weight(t) / shape.divisor()) * (1 - tanh * tanh));
    if (isBf16) {
      HostMemory.ALL.set(HostMemory.SHORT, slopes + (long) column * Short.BYTES, Bf16.fromFloat(x));
    } else {
      HostMemory.ALL.set(HostMemory.FLOAT, slopes + (long) column * FLOAT, x);
    }
  }

  /// Of one product, or of three with the gradients.
  @Override
  public long flops() {
    return (hasGradient ? 6L : 2L) * shape.tokens() * shape.width() * shape.vocab();
  }

  @Override
  public long bytes() {
    long hidden = (long) shape.tokens() * shape.width() * shape.dtype().bytes();
    long kernel = (long) shape.vocab() * shape.width();
    return hasGradient
        ? 2 * hidden + kernel * (shape.dtype().bytes() + FLOAT)
        : hidden + kernel * shape.dtype().bytes();
  }

  @Override
  public void close() {
    products.close();
  }
}
