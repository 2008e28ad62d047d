package jaxon.runtime.cpu.dnnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.type.DType;
import jaxon.runtime.host.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatmulTest {
  private static Dnnl engine(boolean isJava) {
    return isJava ? Dnnl.java() : Dnnl.get();
  }

  private static MatrixLayout layout(DType dtype, long rows, long columns, boolean isTransposed) {
    return isTransposed
        ? MatrixLayout.columnMajor(dtype, rows)
        : MatrixLayout.rowMajor(dtype, columns);
  }

  private static void check(Dnnl dnnl, MatmulSpec spec) {
    try (ProductCase product = new ProductCase(spec)) {
      product.check(dnnl);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTranspositionOfEverySize(boolean isJava) {
    SplittableRandom random = new SplittableRandom(3);
    long[] sizes = {1, 2, 7, 16, 33, 67, 131};
    for (int i = 0; i < 48; i++) {
      long m = sizes[random.nextInt(sizes.length)];
      long n = sizes[random.nextInt(sizes.length)];
      long k = sizes[random.nextInt(sizes.length)];
      DType dtype = (i & 8) == 0 ? DType.F32 : DType.BF16;
      DType result = (i & 16) == 0 ? dtype : DType.F32;
      MatmulSpec spec =
          MatmulSpec.of(
              m,
              n,
              k,
              layout(dtype, m, k, (i & 1) != 0),
              layout(dtype, k, n, (i & 2) != 0),
              layout(result, m, n, (i & 4) != 0));
      check(engine(isJava), (i & 32) == 0 ? spec : spec.accumulating());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void emptySums(boolean isJava) {
    MatmulSpec spec = MatmulSpec.dense(3, 5, 0, DType.BF16, DType.F32);
    check(engine(isJava), spec);
    check(engine(isJava), spec.accumulating());
    check(engine(isJava), MatmulSpec.dense(0, 5, 3, DType.F32, DType.F32));
    check(engine(isJava), MatmulSpec.dense(5, 0, 3, DType.F32, DType.F32));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void batchesMayBeInterleavedAndRepeated(boolean isJava) {
    // Heads of attention: q[2, 9, 4, 16], one key per pair of heads, scores [2, 4, 9, 9].
    MatrixLayout q = new MatrixLayout(DType.BF16, 64, 1);
    MatrixLayout k = new MatrixLayout(DType.BF16, 1, 32);
    List<BatchDim> batch =
        List.of(
            new BatchDim(2, 9 * 64, 9 * 32, 4 * 81),
            new BatchDim(2, 32, 16, 2 * 81),
            new BatchDim(2, 16, 0, 81));
    MatrixLayout scores = MatrixLayout.rowMajor(DType.F32, 9);
    check(engine(isJava), MatmulSpec.of(9, 9, 16, q, k, scores).batched(batch));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherElementTypes(boolean isJava) {
    check(engine(isJava), MatmulSpec.dense(17, 40, 23, DType.F64, DType.F64));
    check(engine(isJava), MatmulSpec.dense(17, 40, 23, DType.F16, DType.F32));
    check(engine(isJava), MatmulSpec.dense(17, 40, 23, DType.I8, DType.I32));
    check(engine(isJava), MatmulSpec.dense(17, 40, 23, DType.UI8, DType.I32));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rowsFarApart(boolean isJava) {
    MatrixLayout wide = new MatrixLayout(DType.F32, 70_001, 1);
    check(engine(isJava), MatmulSpec.of(5, 6, 7, wide, wide, wide));
    check(engine(isJava), MatmulSpec.of(5, 6, 7, wide.transposed(), wide, wide));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stepsOnResults(boolean isJava) {
    long n = 24;
    try (Arena arena = Arena.ofConfined()) {
      long bias = arena.allocate(4 * n, 64).fill((byte) 0x3d).address();
      long residual = arena.allocate(4 * n * 10, 64).fill((byte) 0x3e).address();
      for (PostOp.Activation function : PostOp.Activation.values()) {
        PostOps steps =
            PostOps.of(
                new PostOp.Binary(PostOp.Combination.ADD, new MatrixLayout(DType.F32, 0, 1)),
                new PostOp.Unary(function),
                new PostOp.Binary(
                    PostOp.Combination.MULTIPLY, MatrixLayout.rowMajor(DType.F32, n)));
        MatmulSpec spec = MatmulSpec.dense(10, n, 8, DType.F32, DType.F32).then(steps);
        try (ProductCase product = new ProductCase(spec);
            ProductCase sum = new ProductCase(spec.accumulating())) {
          product.checkBlock(engine(isJava), bias, residual);
          sum.checkBlock(engine(isJava), bias, residual);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void resultsDoNotDependOnThreads(boolean isJava) {
    int[][] sizes = {{517, 203, 131}, {257, 257, 64}, {96, 161, 1100}, {1, 700, 40}, {700, 1, 40}};
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      for (int[] size : sizes) {
        for (MatmulSpec spec : forms(size[0], size[1], size[2], dtype)) {
          sameOnAnyThreads(engine(isJava), spec);
        }
      }
    }
  }

  private static void sameOnAnyThreads(Dnnl engine, MatmulSpec spec) {
    try (ProductCase product = new ProductCase(spec)) {
      byte[] alone = product.run(engine, 1);
      for (int threads : new int[] {2, 3, 16}) {
        // As many tiles as that many threads get, but on two threads, which is quicker.
        assertThat(product.run(engine, 2, Tiling.of(spec, threads)))
            .as("%s cut for %d threads", spec, threads)
            .isEqualTo(alone);
      }
    }
  }

  /// Each operand by rows and by columns, written and added.
  private static List<MatmulSpec> forms(int m, int n, int k, DType dtype) {
    MatrixLayout c = MatrixLayout.rowMajor(dtype, n);
    List<MatmulSpec> forms = new ArrayList<>();
    for (MatrixLayout a :
        List.of(MatrixLayout.rowMajor(dtype, k), MatrixLayout.columnMajor(dtype, m))) {
      for (MatrixLayout b :
          List.of(MatrixLayout.rowMajor(dtype, n), MatrixLayout.columnMajor(dtype, k))) {
        MatmulSpec spec = MatmulSpec.of(m, n, k, a, b, c);
        forms.add(spec);
        forms.add(spec.accumulating());
      }
    }
    return forms;
  }

  @Test
  void tilesWithEdgesMakeTheWhole() {
    MatmulSpec spec = MatmulSpec.dense(50, 41, 19, DType.F32, DType.F32);
    for (Tiling tiling : List.of(new Tiling(16, 16), new Tiling(50, 10), new Tiling(7, 64))) {
      try (ProductCase product = new ProductCase(spec)) {
        product.check(Dnnl.get(), tiling);
      }
    }
  }

  @Test
  void runningAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    MatmulSpec spec = MatmulSpec.dense(128, 32, 16, DType.F32, DType.F32);
    try (WorkerPool pool = new WorkerPool(2);
        Matmul matmul = Matmul.prepare(Dnnl.get(), spec, 2);
        Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(128 * 32 * 4, 64).address();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 50 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 200; i++) {
          matmul.run(memory, memory, memory, pool);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("bytes on the Java heap in 200 runs").isZero();
    }
  }

  @Test
  void layoutsThatAreNoMatrixAreRefused() {
    MatrixLayout neither = new MatrixLayout(DType.F32, 100, 2);
    MatrixLayout c = MatrixLayout.rowMajor(DType.F32, 5);
    assertThatThrownBy(() -> MatmulSpec.of(4, 5, 6, neither, c, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("operand a of 4 x 6")
        .hasMessageContaining("copy it first");
    assertThatThrownBy(() -> MatmulSpec.of(4, 5, 6, MatrixLayout.rowMajor(DType.F32, 5), c, c))
        .hasMessageContaining("do not overlap");
  }

  @Test
  void blocksHaveNoBatch() {
    MatmulSpec spec =
        MatmulSpec.dense(1, 1, 1, DType.F32, DType.F32).batched(List.of(new BatchDim(2, 1, 1, 1)));
    assertThatThrownBy(() -> BlockProduct.prepare(Dnnl.java(), spec, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Matmul");
  }
}
