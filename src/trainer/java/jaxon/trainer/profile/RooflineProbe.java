package jaxon.trainer.profile;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Measures [Rooflines]: the fastest of several tries, since noise only slows down.
///
/// Products are square and run on `backend`, as programs of one operation; their size grows until a
/// product takes [#LARGE_NANOS], so that a slow engine is measured in bearable time too.
///
/// @param threads threads that copy memory
public record RooflineProbe(Backend backend, int threads) {
  private static final int TRIES = 6;
  private static final long SMALLEST = 64;
  private static final long LARGEST = 4096;

  /// The next size takes eight times as long.
  private static final long LARGE_NANOS = 60_000_000;

  private static final long BUDGET_NANOS = 400_000_000;

  /// Takes some seconds.
  public Rooflines measure() {
    return new Rooflines(gemm(DType.F32), gemm(DType.BF16), CopyBandwidth.measure(threads, TRIES));
  }

  private double gemm(DType dtype) {
    double best = 0;
    long nanos = 0;
    for (long size = SMALLEST; size <= LARGEST && nanos < LARGE_NANOS; size *= 2) {
      TensorType type = TensorType.of(dtype, size, size);
      nanos = product(type);
      best = Math.max(best, 2.0 * size * size * size / nanos);
    }
    return best;
  }

  /// Time of a product of two matrices of `type`.
  private long product(TensorType type) {
    Graph graph =
        Tracer.traceClosed(
            "roofline",
            List.of(type, type),
            a -> List.of(Ops.einsum("ij,jk->ik", a.get(0), a.get(1))));
    Literal values = Literal.generate(type, i -> (i % 61 - 30) / 30.0);
    try (Executable executable = backend.compile(graph, CompileOptions.DEFAULT);
        Buffer a = backend.put(values, backend.devices().getFirst());
        Buffer b = backend.put(values, backend.devices().getFirst())) {
      return fastest(() -> executable.execute(List.of(a, b)).forEach(Buffer::close));
    }
  }

  private static long fastest(Runnable body) {
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    for (int i = 0; i < TRIES && System.nanoTime() - begin < BUDGET_NANOS; i++) {
      long start = System.nanoTime();
      body.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return Math.max(1, best);
  }
}
