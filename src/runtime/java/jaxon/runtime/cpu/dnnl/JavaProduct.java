package jaxon.runtime.cpu.dnnl;

import java.util.Arrays;
import java.util.List;

/// A product in plain Java: blocks of both operands are packed and multiplied with the Vector API.
///
/// It takes any strides, element types and sizes, 0 included.
final class JavaProduct extends BlockProduct {
  private final JavaBlock[] blocks;

  JavaProduct(MatmulSpec spec, int workers) {
    super(spec);
    int rows = (int) Math.min(spec.m(), JavaBlock.ROWS);
    int columns = (int) Math.min(spec.n(), JavaBlock.COLUMNS);
    int depth = (int) Math.min(spec.k(), JavaBlock.DEPTH);
    blocks = new JavaBlock[workers];
    Arrays.setAll(blocks, i -> JavaBlock.of(spec.a().dtype(), rows, columns, depth));
  }

  @Override
  public void run(int worker, long a, long b, long c, long[] operands) {
    MatmulSpec spec = spec();
    JavaBlock block = blocks[worker];
    for (long top = 0; top < spec.m(); top += JavaBlock.ROWS) {
      int rows = (int) Math.min(JavaBlock.ROWS, spec.m() - top);
      for (long left = 0; left < spec.n(); left += JavaBlock.COLUMNS) {
        int columns = (int) Math.min(JavaBlock.COLUMNS, spec.n() - left);
        begin(block, c + spec.c().offset(top, left), rows, columns);
        for (long from = 0; from < spec.k(); from += JavaBlock.DEPTH) {
          int depth = (int) Math.min(JavaBlock.DEPTH, spec.k() - from);
          packLeft(block, a + spec.a().offset(top, from), rows, depth);
          packRight(block, b + spec.b().offset(from, left), depth, columns);
          block.multiply(rows, columns, depth);
        }
        finish(block, c, top, left, rows, columns, operands);
      }
    }
  }

  private void begin(JavaBlock block, long address, int rows, int columns) {
    MatrixLayout c = spec().c();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = spec().accumulate() ? RawMemory.get(c.dtype(), address + c.offset(i, j)) : 0;
        block.sum(i, j, sum);
      }
    }
  }

  private void packLeft(JavaBlock block, long address, int rows, int depth) {
    MatrixLayout a = spec().a();
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < depth; k++) {
        block.left(i, k, depth, RawMemory.get(a.dtype(), address + a.offset(i, k)));
      }
    }
  }

  private void packRight(JavaBlock block, long address, int depth, int columns) {
    MatrixLayout b = spec().b();
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < columns; j++) {
        block.right(k, j, RawMemory.get(b.dtype(), address + b.offset(k, j)));
      }
    }
  }

  private void finish(
      JavaBlock block, long c, long top, long left, int rows, int columns, long[] operands) {
    MatrixLayout layout = spec().c();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double value = then(block.sum(i, j), top + i, left + j, operands);
        RawMemory.set(layout.dtype(), c + layout.offset(top + i, left + j), value);
      }
    }
  }

  /// Does the post operations on the result at `row`, `column`.
  private double then(double sum, long row, long column, long[] operands) {
    List<PostOp> steps = spec().postOps().steps();
    double value = sum;
    int next = 0;
    for (int i = 0; i < steps.size(); i++) {
      switch (steps.get(i)) {
        case PostOp.Unary unary -> value = unary.function().apply(value);
        case PostOp.Binary binary -> {
          MatrixLayout layout = binary.operand();
          long address = operands[next++] + layout.offset(row, column);
          value = binary.function().apply(value, RawMemory.get(layout.dtype(), address));
        }
      }
    }
    return value;
  }

  /// None outside the heap.
  @Override
  public long workerBytes() {
    return 0;
  }

  @Override
  public String implementation() {
    return "java";
  }

  @Override
  public void close() {
    // Blocks are heap memory.
  }
}
