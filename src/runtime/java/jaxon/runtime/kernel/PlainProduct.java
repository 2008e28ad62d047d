package jaxon.runtime.kernel;

import java.util.Arrays;
import java.util.List;
import jaxon.graph.type.DType;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;

/// Batched matrix products of any dtype in plain Java: floats are added in double, the rest in
/// long; each element is rounded once. For dtypes and shapes that no library multiplies.
///
/// A task is one row of a result.
public final class PlainProduct implements Kernel, WorkerPool.Task {
  private final Sides sides;
  private final Tensor a;
  private final Tensor b;
  private final Tensor c;
  private final WorkerPool workers;
  private final Cut cut;

  /// @param c dense: batch dims, then rows, then columns
  public PlainProduct(Sides sides, Tensor a, Tensor b, Tensor c, WorkerPool workers) {
    this.sides = sides;
    this.a = a;
    this.b = b;
    this.c = c;
    this.workers = workers;
    long rows = c.view().elements() / sides.columns();
    this.cut = Cut.of(rows, rows * sides.columns() * sides.contracted());
  }

  /// Sizes and strides in elements.
  ///
  /// @param batch sizes of the batch dims, then the rows
  /// @param left strides of `a` along `batch`
  /// @param right strides of `b` along `batch`
  /// @param columns of the result
  /// @param contracted elements of each sum
  public record Sides(
      List<Long> batch,
      List<Long> left,
      List<Long> right,
      long columns,
      long contracted,
      long leftStep,
      long rightStep,
      long rightColumn) {
    public Sides {
      batch = List.copyOf(batch);
      left = List.copyOf(left);
      right = List.copyOf(right);
    }
  }

  @Override
  public void run() {
    workers.run(cut.tasks(), this);
  }

  @Override
  public void run(int index, int worker) {
    long end = cut.to(index);
    for (long row = cut.from(index); row < end; row++) {
      long x = 0;
      long y = 0;
      long rest = row;
      for (int i = sides.batch.size() - 1; i >= 0; i--) {
        long at = rest % sides.batch.get(i);
        rest /= sides.batch.get(i);
        x += at * sides.left.get(i);
        y += at * sides.right.get(i);
      }
      long from = a.address() + x * a.dtype().bytes();
      long other = b.address() + y * b.dtype().bytes();
      long to = c.address() + row * sides.columns * c.dtype().bytes();
      for (long column = 0; column < sides.columns; column += Lanes.CHUNK) {
        int count = (int) Math.min(Lanes.CHUNK, sides.columns - column);
        long right = other + column * sides.rightColumn * b.dtype().bytes();
        long target = to + column * c.dtype().bytes();
        if (c.dtype().isFloat() && a.dtype().isFloat()) {
          floats(from, right, target, count);
        } else {
          integers(from, right, target, count);
        }
      }
    }
  }

  private void floats(long left, long right, long target, int count) {
    Lanes lanes = Lanes.ofThread();
    double[] sum = lanes.doubles(0);
    double[] y = lanes.doubles(1);
    double[] x = lanes.doubles(2);
    Arrays.fill(sum, 0, count, 0);
    for (long k = 0; k < sides.contracted; k++) {
      int at = (int) (k % Lanes.CHUNK);
      if (at == 0) {
        int some = (int) Math.min(Lanes.CHUNK, sides.contracted - k);
        long from = left + k * sides.leftStep * a.dtype().bytes();
        Elements.load(a.dtype(), from, sides.leftStep, x, some);
      }
      long row = right + k * sides.rightStep * b.dtype().bytes();
      Elements.load(b.dtype(), row, sides.rightColumn, y, count);
      double factor = x[at];
      for (int i = 0; i < count; i++) {
        sum[i] += factor * y[i];
      }
    }
    Elements.store(c.dtype(), sum, target, count);
  }

  private void integers(long left, long right, long target, int count) {
    Lanes lanes = Lanes.ofThread();
    long[] sum = lanes.longs(0);
    long[] y = lanes.longs(1);
    long[] x = lanes.longs(2);
    Arrays.fill(sum, 0, count, 0);
    DType type = a.dtype();
    for (long k = 0; k < sides.contracted; k++) {
      Elements.load(type, left + k * sides.leftStep * type.bytes(), 0, x, 1);
      long row = right + k * sides.rightStep * type.bytes();
      Elements.load(type, row, sides.rightColumn, y, count);
      long factor = x[0];
      for (int i = 0; i < count; i++) {
        sum[i] += factor * y[i];
      }
    }
    Elements.store(c.dtype(), sum, target, count);
  }
}
