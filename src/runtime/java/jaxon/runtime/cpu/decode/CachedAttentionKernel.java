package jaxon.runtime.cpu.decode;

import static jaxon.runtime.host.HostMemory.ALL;

import java.util.List;
import java.util.SortedMap;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.runtime.cpu.tile.Exp2;
import jaxon.runtime.cpu.tile.Lanes;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.program.Layout;
import jdk.incubator.vector.FloatVector;

/// The composite `jaxon.cached_attention` for one query a row: `(q [B, 1, H, K], keys [L, B, S, G,
/// K], values, layer, positions [B, 1]) -> out [B, 1, H, K]`.
///
/// Reads the slots that the queries see, where they lie, and no others. A task is a key head of a
/// row with the query heads that share it; the softmax is computed in float32.
public final class CachedAttentionKernel implements HostKernel {
  private static final int Q = 0;
  private static final int KEYS = 1;
  private static final int VALUES = 2;
  private static final int LAYER = 3;
  private static final int POSITIONS = 4;
  private static final int FLOAT = Float.BYTES;
  private static final float LOG2_E = (float) (1 / Math.log(2));

  private final List<Layout> layouts;
  private final DType dtype;
  private final int groups;
  private final int perGroup;
  private final int headDim;
  private final int slots;
  private final long window;
  private final float scale;
  private final float softCap;
  private final int tasks;
  private final long logitsAt;
  private final long sumsAt;
  private final long workerBytes;
  private final int workers;
  private final WorkerPool.Task task = this::attend;

  private long[] operands = {};
  private long target;
  private long workerScratch;

  private CachedAttentionKernel(
      SortedMap<String, String> attributes, List<Layout> layouts, int workers) {
    this.layouts = List.copyOf(layouts);
    this.workers = workers;
    Layout keys = layouts.get(KEYS);
    dtype = keys.dtype();
    slots = Math.toIntExact(keys.shape().dim(2));
    groups = Math.toIntExact(keys.shape().dim(3));
    headDim = Math.toIntExact(keys.shape().dim(4));
    Layout q = layouts.get(Q);
    perGroup = Math.toIntExact(q.shape().dim(2)) / groups;
    tasks = Math.toIntExact(q.shape().dim(0) * groups);
    window = Long.parseLong(attributes.get("sliding_window_size"));
    scale = (float) Double.parseDouble(attributes.get("scale"));
    softCap = (float) Double.parseDouble(attributes.get("soft_cap"));
    // Scratch of a worker: a query in float32, its logits, its result.
    logitsAt = (long) headDim * FLOAT;
    sumsAt = logitsAt + (long) Lanes.padded(slots) * FLOAT;
    workerBytes = (sumsAt + (long) Math.max(headDim, Lanes.COUNT) * FLOAT + 63) / 64 * 64;
  }

  /// Prepares the kernel for operands with these layouts, which must be supported.
  public static CachedAttentionKernel of(
      ControlOp.Composite composite, List<Layout> operands, int workers) {
    return new CachedAttentionKernel(composite.attributes(), operands, workers);
  }

  /// Whether there is a kernel for operands with these layouts: bf16 or f32, one query a row, whole
  /// vectors in a head, with its elements next to each other.
  public static boolean isSupported(List<Layout> operands) {
    Layout q = operands.get(Q);
    DType dtype = operands.get(KEYS).dtype();
    boolean heads =
        List.of(Q, KEYS, VALUES).stream().allMatch(i -> operands.get(i).strides().getLast() == 1);
    return heads
        && (dtype == DType.BF16 || dtype == DType.F32)
        && q.shape().dim(1) == 1
        && q.shape().dim(3) % Lanes.COUNT == 0;
  }

  @Override
  public long scratchBytes() {
    return workers * workerBytes;
  }

  @Override
  public void run(long[] operands, long[] results, long scratch, WorkerPool pool) {
    this.operands = operands;
    this.target = results[0];
    this.workerScratch = scratch;
    pool.run(tasks, task);
  }

  private void attend(int index, int worker) {
    int row = index / groups;
    int group = index % groups;
    Layout at = layouts.get(POSITIONS);
    int position =
        ALL.get(
            HostMemory.INT, operands[POSITIONS] + row * at.strides().getFirst() * Integer.BYTES);
    int end = Math.min(position + 1, slots);
    int first = window > 0 ? (int) Math.max(0, position - window + 1) : 0;
    for (int r = 0; r < perGroup; r++) {
      head(row, group, group * perGroup + r, first, end, workerScratch + worker * workerBytes);
    }
  }

  private void head(int row, int group, int head, int first, int end, long scratch) {
    long out = target + ((long) row * groups * perGroup + head) * headDim * dtype.bytes();
    if (end <= first) {
      FloatVector zero = FloatVector.zero(Lanes.F32);
      for (int i = 0; i < headDim; i += Lanes.COUNT) {
        Lanes.store(zero, scratch + sumsAt + (long) i * FLOAT);
      }
      write(scratch + sumsAt, 1, out);
      return;
    }
    Layout q = layouts.get(Q);
    long query =
        operands[Q] + (row * q.strides().get(0) + head * q.strides().get(2)) * dtype.bytes();
    widen(query, scratch);
    int count = end - first;
    long logits = scratch + logitsAt;
    logits(scratch, slot(KEYS, row, group, first), logits, count);
    float sum = weights(logits, count);
    long values = slot(VALUES, row, group, first);
    mix(logits, values, count, scratch + sumsAt);
    write(scratch + sumsAt, 1 / sum, out);
  }

  /// The address of a head of keys or values in a slot.
  private long slot(int operand, int row, int group, int slot) {
    List<Long> strides = layouts.get(operand).strides();
    int layers = Math.toIntExact(layouts.get(operand).shape().dim(0));
    int layer = Math.clamp(ALL.get(HostMemory.INT, operands[LAYER]), 0, layers - 1);
    long element =
        layer * strides.get(0)
            + row * strides.get(1)
            + slot * strides.get(2)
            + group * strides.get(3);
    return operands[operand] + element * dtype.bytes();
  }

  private long slotStep(int operand) {
    return layouts.get(operand).strides().get(2) * dtype.bytes();
  }

  private void widen(long from, long to) {
    for (int i = 0; i < headDim; i += Lanes.COUNT) {
      FloatVector x =
          dtype == DType.BF16
              ? Lanes.loadBf16(from + (long) i * Short.BYTES)
              : Lanes.load(from + (long) i * FLOAT);
      Lanes.store(x, to + (long) i * FLOAT);
    }
  }

  private void logits(long query, long keys, long logits, int count) {
    long step = slotStep(KEYS);
    for (int s = 0; s < count; s++) {
      float dot =
          dtype == DType.BF16
              ? WeightRows.dotBf16(query, keys + s * step, headDim)
              : WeightRows.dotFloats(query, keys + s * step, headDim);
      float logit = dot * scale;
      float capped = softCap == 0 ? logit : softCap * (float) Math.tanh(logit / softCap);
      ALL.set(HostMemory.FLOAT, logits + (long) s * FLOAT, capped);
    }
    for (int s = count; s < Lanes.padded(count); s++) {
      // Far below any other: its weight is 0.
      ALL.set(HostMemory.FLOAT, logits + (long) s * FLOAT, -Float.MAX_VALUE);
    }
  }

  /// Turns logits into weights with maximum 1, and gives their sum.
  private float weights(long logits, int count) {
    int columns = Lanes.padded(count);
    float largest = Lanes.largest(logits, columns);
    FloatVector sum = FloatVector.zero(Lanes.F32);
    for (int s = 0; s < columns; s += Lanes.COUNT) {
      long at = logits + (long) s * FLOAT;
      FloatVector weight = Exp2.fine(Lanes.load(at).sub(largest).mul(LOG2_E));
      Lanes.store(weight, at);
      sum = sum.add(weight);
    }
    // The place of the query, which is not needed any more.
    long query = logits - logitsAt;
    Lanes.store(sum, query);
    return Lanes.sum(query);
  }

  private void mix(long weights, long values, int count, long sums) {
    long step = slotStep(VALUES);
    for (int i = 0; i < headDim; i += Lanes.COUNT) {
      long to = sums + (long) i * FLOAT;
      if (dtype == DType.BF16) {
        WeightRows.mixBf16(weights, values + (long) i * Short.BYTES, step, count, to);
      } else {
        WeightRows.mixFloats(weights, values + (long) i * FLOAT, step, count, to);
      }
    }
  }

  private void write(long sums, float factor, long out) {
    for (int i = 0; i < headDim; i += Lanes.COUNT) {
      FloatVector x = Lanes.load(sums + (long) i * FLOAT).mul(factor);
      if (dtype == DType.BF16) {
        Lanes.storeBf16(x, out + (long) i * Short.BYTES);
      } else {
        Lanes.store(x, out + (long) i * FLOAT);
      }
    }
  }

  @Override
  public long flops() {
    return 4L * tasks * perGroup * slots * headDim;
  }

  @Override
  public long bytes() {
    return 2L * tasks * slots * headDim * dtype.bytes();
  }

  @Override
  public void close() {
    // It owns nothing.
  }
}
