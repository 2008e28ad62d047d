package jaxon.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Prints the speed of the main kernels of a backend (`nd4j` unless an argument names another) and
/// the time of a training step of a small transformer.
///
/// Figures are medians. A kernel's bytes are what it must read and write.
public final class Nd4jBenchmark {
  private static final long BUDGET_NANOS = 500_000_000;
  private static final TensorType X = TensorType.of(DType.F32, 8, 512, 256);
  private static final TensorType ROW = TensorType.of(DType.F32, 256);

  private final Backend backend;

  private Nd4jBenchmark(Backend backend) {
    this.backend = backend;
  }

  public static void main(String[] args) {
    try (Backend backend = Backends.open(args.length == 0 ? "nd4j" : args[0])) {
      Nd4jBenchmark benchmark = new Nd4jBenchmark(backend);
      benchmark.kernels();
      benchmark.products();
      benchmark.step();
    }
  }

  private void kernels() {
    double n = X.bytes();
    bytes("add", 3 * n, List.of(X, X), a -> a.get(0).add(a.get(1)));
    bytes("add a row", 2 * n, List.of(X, ROW), a -> a.get(0).add(a.get(1).broadcastTo(X.shape())));
    bytes("multiply by a constant", 2 * n, List.of(X), a -> a.get(0).mul(3.0));
    bytes("exponential", 2 * n, List.of(X), a -> a.get(0).exp());
    bytes("logistic", 2 * n, List.of(X), a -> a.get(0).logistic());
    bytes("sqrt", 2 * n, List.of(X), a -> a.get(0).sqrt());
    bytes("maximum", 3 * n, List.of(X, X), a -> a.get(0).max(a.get(1)));
    bytes("select", 3 * n, List.of(X, X), a -> a.get(0).gt(a.get(1)).select(a.get(0), a.get(1)));
    bytes("to bfloat16", n + n / 2, List.of(X), a -> a.get(0).astype(DType.BF16));
    bytes("sum of rows", n, List.of(X), a -> a.get(0).sum(2));
    bytes("sum of columns", n, List.of(X), a -> a.get(0).sum(0, 1));
    bytes("sum of all", n, List.of(X), a -> a.get(0).sum());
    bytes("maximum of rows", n, List.of(X), a -> a.get(0).maxOver(2));
    bytes("transpose heads", 2 * n, List.of(X), Nd4jBenchmark::heads);
    bytes("transpose", 2 * n, List.of(X), a -> a.get(0).reshape(4096, 256).transpose(1, 0));
    TensorType table = TensorType.of(DType.F32, 32000, 256);
    TensorType ids = TensorType.of(DType.I32, 4096);
    bytes("rows of a table", 2 * n, List.of(table, ids), a -> Ops.take(a.get(0), a.get(1)));
    bytes("random normal", n, List.of(), _ -> Threefry.normal(Threefry.key(1), X.shape()));
  }

  private static Array heads(List<Array> a) {
    return a.getFirst().reshape(8, 512, 8, 32).transpose(0, 2, 1, 3);
  }

  private void products() {
    for (long size : new long[] {256, 512, 1024, 2048}) {
      TensorType square = TensorType.of(DType.F32, size, size);
      double flops = 2.0 * size * size * size;
      flops("product " + size, flops, square, square, "ij,jk->ik");
      flops("product " + size + " transposed", flops, square, square, "ji,kj->ik");
    }
    TensorType heads = TensorType.of(DType.F32, 8, 512, 8, 32);
    flops("attention scores", 2.0 * 64 * 512 * 512 * 32, heads, heads, "bthd,bshd->bhts");
    TensorType half = TensorType.of(DType.BF16, 1024, 1024);
    flops("product 1024 bfloat16", 2.0 * (1 << 30), half, half, "ij,jk->ik");
  }

  private void step() {
    TransformerStep step = new TransformerStep(8, 256, 256, 4, 8, 4096);
    Graph graph = step.trace();
    int state = 3 * step.parameters().size();
    try (Executable executable =
        backend.compile(graph, CompileOptions.DEFAULT.donateFirst(state))) {
      List<Buffer> buffers = put(step.inputs());
      List<Double> losses = new ArrayList<>();
      double seconds =
          median(() -> {
            List<Buffer> results = executable.execute(buffers);
            for (int i = 0; i < state; i++) {
              buffers.set(i, results.get(i));
            }
            losses.add(results.getLast().toLiteral().get(0));
            results.getLast().close();
          });
      print("transformer step", seconds, step.flops() / seconds / 1e9, "GFLOP/s");
      print(
          "loss from " + losses.getFirst() + " to " + losses.getLast(),
          seconds,
          losses.size(),
          "steps");
      buffers.forEach(Buffer::close);
    }
  }

  private void bytes(
      String name, double bytes, List<TensorType> inputs, Function<List<Array>, Array> function) {
    double seconds = time(inputs, function);
    print(name, seconds, bytes / seconds / 1e9, "GB/s");
  }

  private void flops(String name, double flops, TensorType lhs, TensorType rhs, String spec) {
    double seconds = time(List.of(lhs, rhs), a -> Ops.einsum(spec, a.get(0), a.get(1)));
    print(name, seconds, flops / seconds / 1e9, "GFLOP/s");
  }

  private double time(List<TensorType> inputs, Function<List<Array>, Array> function) {
    Graph graph = Tracer.traceClosed("kernel", inputs, a -> List.of(function.apply(a)));
    try (Executable executable = backend.compile(graph, CompileOptions.DEFAULT)) {
      List<Buffer> buffers = put(inputs.stream().map(Nd4jBenchmark::ramp).toList());
      double seconds = median(() -> executable.execute(buffers).forEach(Buffer::close));
      buffers.forEach(Buffer::close);
      return seconds;
    }
  }

  private static Literal ramp(TensorType type) {
    return type.dtype().isFloat()
        ? Literal.generate(type, i -> i % 1000 / 1000.0)
        : Literal.generateLongs(type, i -> i % 1000);
  }

  private List<Buffer> put(List<Literal> literals) {
    List<Buffer> buffers = new ArrayList<>();
    literals.forEach(literal -> buffers.add(backend.put(literal, backend.devices().getFirst())));
    return buffers;
  }

  private static double median(Runnable body) {
    long start = System.nanoTime();
    List<Long> times = new ArrayList<>();
    while (times.size() < 5 || System.nanoTime() - start < BUDGET_NANOS) {
      long begin = System.nanoTime();
      body.run();
      times.add(System.nanoTime() - begin);
    }
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[sorted.length / 2] / 1e9;
  }

  private static void print(String name, double seconds, double rate, String unit) {
    System.out.printf("%-40s %10.3f ms %10.1f %s%n", name, seconds * 1e3, rate, unit);
  }
}
