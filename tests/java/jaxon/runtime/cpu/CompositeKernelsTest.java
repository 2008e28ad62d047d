package jaxon.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.kernel.HostKernel;
import jaxon.runtime.program.Layout;
import org.junit.jupiter.api.Test;

class CompositeKernelsTest {
  private static final TensorType MATRIX = TensorType.of(DType.F32, 2, 3);

  /// `-2x` under the name of a doubling, so that its results tell it from the region's.
  private static final class Negating implements HostKernel {
    private final Layout operand;
    private boolean closed;

    Negating(Layout operand) {
      this.operand = operand;
    }

    @Override
    public long scratchBytes() {
      return 100;
    }

    @Override
    public void run(long[] operands, long[] results, long scratch, WorkerPool pool) {
      assertThat(scratch % 64).isZero();
      HostMemory.ALL.set(HostMemory.BYTE, scratch + 99, (byte) 1);
      Shape shape = operand.shape();
      for (long i = 0; i < shape.dim(0); i++) {
        for (long j = 0; j < shape.dim(1); j++) {
          long at = i * operand.strides().get(0) + j * operand.strides().get(1);
          float x = HostMemory.ALL.get(HostMemory.FLOAT, operands[0] + 4 * at);
          HostMemory.ALL.set(HostMemory.FLOAT, results[0] + 4 * (i * shape.dim(1) + j), -2 * x);
        }
      }
    }

    @Override
    public long flops() {
      return operand.shape().elements();
    }

    @Override
    public long bytes() {
      return 8 * operand.shape().elements();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /// `double(transpose(x)) + 1` with the composite `test.double`.
  private static Graph graph() {
    Graph region =
        Tracer.traceClosed(
            "double", List.of(TensorType.of(DType.F32, 3, 2)), a -> List.of(a.getFirst().mul(2.0)));
    return Tracer.traceClosed(
        "main",
        List.of(MATRIX),
        a -> {
          Array doubled =
              Tracer.current()
                  .emit(
                      new ControlOp.Composite("test.double", new TreeMap<>()),
                      List.of(a.getFirst().transpose(1, 0)),
                      List.of(region))
                  .getFirst();
          return List.of(doubled.add(1.0));
        });
  }

  private static Literal run(CompositeKernels kernels) {
    try (CpuBackend backend = new CpuBackend(kernels);
        Executable executable = backend.compile(graph(), CompileOptions.DEFAULT);
        Buffer x =
            backend.put(
                Literal.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                backend.devices().getFirst());
        Buffer z = executable.execute(List.of(x)).getFirst()) {
      return z.toLiteral();
    }
  }

  @Test
  void runsWholeWhatHasAKernel() {
    List<Negating> made = new ArrayList<>();
    CompositeKernels kernels =
        new CompositeKernels(
            Map.of(
                "test.double",
                call -> {
                  assertThat(call.operands().getFirst().strides()).containsExactly(1L, 3L);
                  made.add(new Negating(call.operands().getFirst()));
                  return Optional.of(made.getLast());
                }));
    assertThat(run(kernels))
        .isEqualTo(Literal.ofFloats(new float[] {-1, -7, -3, -9, -5, -11}, 3, 2));
    assertThat(made).hasSize(1).allMatch(kernel -> kernel.closed);
  }

  @Test
  void runsTheRegionOfWhatHasNone() {
    Literal expected = Literal.ofFloats(new float[] {3, 9, 5, 11, 7, 13}, 3, 2);
    assertThat(run(new CompositeKernels(Map.of()))).isEqualTo(expected);
    assertThat(run(new CompositeKernels(Map.of("test.double", _ -> Optional.empty()))))
        .as("a preparation that declines")
        .isEqualTo(expected);
  }
}
