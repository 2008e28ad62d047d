package jaxon.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
  private static final TensorType X = TensorType.of(DType.F32, 300, 200);

  private static Graph graph() {
    return Tracer.traceClosed(
        "work",
        List.of(X, X),
        a -> {
          Array product = Ops.einsum("ij,kj->ik", a.get(0), a.get(1));
          return List.of(
              product.sum(0), product.tanh().sum(1), a.get(0).transpose(1, 0), a.get(1).sum());
        });
  }

  private static List<Literal> run(int threads) {
    SplittableRandom random = new SplittableRandom(3);
    List<Literal> results = new ArrayList<>();
    try (CpuBackend backend = new CpuBackend()) {
      backend.setThreads(threads);
      try (Executable executable = backend.compile(graph(), CompileOptions.DEFAULT)) {
        List<Buffer> inputs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          Literal x = Literal.generate(X, _ -> random.nextDouble(-1, 1));
          inputs.add(backend.put(x, backend.devices().getFirst()));
        }
        for (Buffer result : executable.execute(inputs)) {
          results.add(result.toLiteral());
          result.close();
        }
        inputs.forEach(Buffer::close);
      }
    }
    return results;
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    List<Literal> one = run(1);
    assertThat(run(2)).isEqualTo(one);
    assertThat(run(5)).isEqualTo(one);
  }

  @Test
  void aProgramKeepsItsThreadsWhenTheirNumberChanges() {
    try (CpuBackend backend = new CpuBackend();
        Executable executable =
            backend.compile(
                Tracer.traceClosed("exp", List.of(X), a -> List.of(a.getFirst().exp())),
                CompileOptions.DEFAULT);
        Buffer x = backend.put(Literal.splat(X, 0), backend.devices().getFirst())) {
      backend.setThreads(3);
      try (Buffer z = executable.execute(List.of(x)).getFirst()) {
        assertThat(z.toLiteral().get(59_999)).isEqualTo(1);
      }
    }
  }
}
