package jaxon.runtime.cpu.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.cpu.CpuBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products of a few rows on the engine for the CPU against the interpreter.
class RowProductTest {
  private record Input(Array x, Array weights) {}

  /// Sizes that fill blocks and vectors, and sizes that fill neither.
  @ParameterizedTest
  @CsvSource({
    "BF16, 1, 128, 256, 'nd,dv->nv'",
    "BF16, 3, 131, 259, 'nd,dv->nv'",
    "F32, 1, 131, 4099, 'nd,dv->nv'",
    "F32, 8, 128, 256, 'nd,dv->nv'",
    "BF16, 1, 128, 256, 'nd,vd->nv'",
    "BF16, 2, 131, 259, 'nd,vd->nv'",
    "F32, 5, 131, 259, 'nd,vd->nv'",
    "F32, 1, 131, 259, 'nd,vd->vn'",
    "BF16, 1, 128, 256, 'nd,dv->vn'",
  })
  void isTheInterpretersProduct(DType dtype, int rows, int contracted, int columns, String spec) {
    boolean isAlong = spec.contains("vd");
    TensorType x = TensorType.of(dtype, rows, contracted);
    TensorType weights =
        isAlong
            ? TensorType.of(dtype, columns, contracted)
            : TensorType.of(dtype, contracted, columns);
    Graph graph = graph(x, weights, spec, dtype);
    List<Literal> inputs = inputs(x, weights);
    double[] expected = Interpreter.run(graph, inputs).getFirst().toDoubles();
    double[] one = run(graph, inputs, 1);
    assertThat(run(graph, inputs, 3)).as("on three threads").containsExactly(one);
    double tolerance = dtype == DType.BF16 ? 0x1p-8 : 1e-5;
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(one[i] - expected[i]))
          .as("element %d of %s", i, spec)
          .isLessThan(tolerance * (1 + Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @CsvSource({"BF16, 'nd,dv->nv'", "F32, 'nd,vd->nv'"})
  void rowGetsTheSameInAnyCompany(DType dtype, String spec) {
    TensorType weights =
        spec.contains("vd") ? TensorType.of(dtype, 300, 200) : TensorType.of(dtype, 200, 300);
    TensorType many = TensorType.of(dtype, 7, 200);
    List<Literal> inputs = inputs(many, weights);
    double[] together = run(graph(many, weights, spec, dtype), inputs, 2);
    TensorType one = TensorType.of(dtype, 1, 200);
    Literal first = Literal.generate(one, inputs.getFirst()::get);
    double[] alone = run(graph(one, weights, spec, dtype), List.of(first, inputs.get(1)), 2);
    assertThat(alone).containsExactly(Arrays.copyOf(together, 300));
  }

  private static Graph graph(TensorType x, TensorType weights, String spec, DType dtype) {
    String straight = spec.replace("->vn", "->nv");
    return Program.trace(
            "product",
            new Input(Array.placeholder(x), Array.placeholder(weights)),
            in -> {
              Array product = Ops.einsum(straight, in.x(), in.weights(), dtype);
              return spec.equals(straight) ? product : product.transpose(1, 0);
            })
        .graph();
  }

  private static List<Literal> inputs(TensorType x, TensorType weights) {
    return List.of(
        Literal.generate(x, i -> Math.sin(i * 0.7)),
        Literal.generate(weights, i -> Math.cos(i * 0.3) / 8));
  }

  private static double[] run(Graph graph, List<Literal> inputs, int threads) {
    try (Backend backend = new CpuBackend()) {
      backend.setThreads(threads);
      List<Buffer> buffers = new ArrayList<>();
      try (Executable program = backend.compile(graph, CompileOptions.DEFAULT)) {
        inputs.forEach(input -> buffers.add(backend.put(input, backend.devices().getFirst())));
        Buffer result = program.execute(buffers).getFirst();
        double[] values = result.toLiteral().toDoubles();
        result.close();
        return values;
      } finally {
        buffers.forEach(Buffer::close);
      }
    }
  }
}
