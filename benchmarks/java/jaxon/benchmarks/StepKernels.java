package jaxon.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Kernels in the sizes of model A: 4,096 tokens of width 512, MLP 1,408.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepKernels {
  /// What a program computes, and on what.
  public enum Kernel {
    MATMUL {
      @Override
      List<TensorType> inputs(DType dtype) {
        return List.of(TensorType.of(dtype, 4096, 512), TensorType.of(dtype, 512, 1408));
      }

      @Override
      Array apply(List<Array> x) {
        return Ops.einsum("ij,jk->ik", x.get(0), x.get(1));
      }
    },
    SWIGLU {
      @Override
      List<TensorType> inputs(DType dtype) {
        TensorType hidden = TensorType.of(dtype, 4096, 1408);
        return List.of(hidden, hidden);
      }

      @Override
      Array apply(List<Array> x) {
        return x.get(0).mul(x.get(0).logistic()).mul(x.get(1));
      }
    },
    RMS_NORM {
      @Override
      List<TensorType> inputs(DType dtype) {
        return List.of(TensorType.of(dtype, 4096, 512), TensorType.of(dtype, 512));
      }

      @Override
      Array apply(List<Array> x) {
        Array precise = x.get(0).astype(DType.F32);
        Array meanSquare = precise.square().mean(-1).expandDims(-1);
        Array normal = precise.mul(meanSquare.add(1e-5).rsqrt()).astype(x.get(0).dtype());
        return normal.mul(x.get(1).broadcastTo(normal.shape()));
      }
    },
    SOFTMAX {
      @Override
      List<TensorType> inputs(DType dtype) {
        return List.of(TensorType.of(dtype, 4096, 512));
      }

      @Override
      Array apply(List<Array> x) {
        Array exp = x.getFirst().sub(x.getFirst().maxOver(-1).expandDims(-1)).exp();
        return exp.div(exp.sum(-1).expandDims(-1));
      }
    };

    abstract List<TensorType> inputs(DType dtype);

    abstract Array apply(List<Array> x);
  }

  @Param({"cpu", "nd4j"})
  @SuppressWarnings("NullAway.Init") // JMH sets the parameters.
  String hardware;

  @Param({"MATMUL", "SWIGLU", "RMS_NORM", "SOFTMAX"})
  @SuppressWarnings("NullAway.Init")
  Kernel kernel;

  @Param({"f32", "bf16"})
  @SuppressWarnings("NullAway.Init")
  String dtype;

  @SuppressWarnings("NullAway.Init") // As are what the setup makes.
  private Backend backend;

  @SuppressWarnings("NullAway.Init")
  private Executable program;

  private final List<Buffer> inputs = new ArrayList<>();

  /// Compiles the program.
  @Setup(Level.Trial)
  public void open() {
    backend = Backends.open(hardware);
    List<TensorType> types = kernel.inputs(DType.valueOf(dtype.toUpperCase(Locale.ROOT)));
    Graph graph = Tracer.traceClosed("kernel", types, x -> List.of(kernel.apply(x)));
    program = backend.compile(graph, CompileOptions.DEFAULT);
    for (TensorType type : types) {
      Literal values = Literal.generate(type, i -> (i % 61 - 30) / 30.0);
      inputs.add(backend.put(values, backend.devices().getFirst()));
    }
  }

  /// Runs it once.
  @Benchmark
  public void run() {
    program.execute(inputs).forEach(Buffer::close);
  }

  /// Releases it.
  @TearDown(Level.Trial)
  public void close() {
    inputs.forEach(Buffer::close);
    program.close();
    backend.close();
  }
}
