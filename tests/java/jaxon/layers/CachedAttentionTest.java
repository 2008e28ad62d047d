package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
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

/// Attention to a cache by the engine for the CPU, its kernel and its lowered form, against the
/// interpreter.
class CachedAttentionTest {
  private static final int ROWS = 3;
  private static final int SLOTS = 37;

  private record Input(Array q, KvCache cache, Array layer, Array positions) {}

  /// Several queries a row, and heads that fill no vector, have no kernel.
  @ParameterizedTest
  @CsvSource({
    "BF16, 1, 4, 2, 32, 0, 0",
    "F32, 1, 4, 1, 16, 0, 0",
    "F32, 1, 3, 3, 64, 5, 0",
    "BF16, 1, 8, 2, 64, 0, 30",
    "F32, 2, 4, 2, 16, 0, 0",
    "F32, 1, 4, 2, 6, 0, 0",
    "F64, 1, 4, 2, 16, 0, 0"
  })
  void isTheInterpreters(
      DType dtype, int queries, int heads, int groups, int width, int window, double softCap) {
    DotProductAttention form = new DotProductAttention(true, window, 0.3, softCap, false, true);
    TensorType cache = TensorType.of(dtype, 2, ROWS, SLOTS, groups, width);
    Input template =
        new Input(
            Array.placeholder(TensorType.of(dtype, ROWS, queries, heads, width)),
            KvCache.template(cache),
            Array.placeholder(TensorType.of(DType.I32)),
            Array.placeholder(TensorType.of(DType.I32, ROWS, queries)));
    Graph graph =
        Program.trace(
                "cached",
                template,
                in ->
                    new CachedAttention(form).apply(in.q(), in.cache(), in.layer(), in.positions()))
            .graph();
    int[] positions = new int[ROWS * queries];
    int[] last = {36, -1, 11};
    for (int i = 0; i < positions.length; i++) {
      positions[i] = last[i / queries];
    }
    List<Literal> inputs =
        List.of(
            Literal.generate(graph.inputTypes().get(0), i -> Math.sin(i * 0.37)),
            Literal.generate(cache, i -> Math.cos(i * 0.11)),
            Literal.generate(cache, i -> Math.sin(i * 0.23)),
            Literal.ofInts(new int[] {1}),
            Literal.ofInts(positions, ROWS, queries));
    double[] expected = Interpreter.run(graph, inputs).getFirst().toDoubles();
    double[] found = run(graph, inputs);
    double tolerance = dtype == DType.BF16 ? 1.0 / 64 : 2e-5;
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(found[i] - expected[i])).as("element %d", i).isLessThan(tolerance);
    }
  }

  private static double[] run(Graph graph, List<Literal> inputs) {
    try (Backend backend = new CpuBackend()) {
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
