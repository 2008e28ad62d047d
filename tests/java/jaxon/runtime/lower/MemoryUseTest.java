package jaxon.runtime.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.MemoryUse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryUseTest {
  private static final TensorType X = TensorType.of(DType.F32, 1024);
  private static final long BYTES = 4096;

  /// `(x, y) -> (x·x + table, sum of the sines and cosines of y)`; x is donated.
  private static Graph graph() {
    Literal table = Literal.generate(X, i -> i);
    return Tracer.traceClosed(
        "use",
        List.of(X, X),
        a -> {
          Array z = a.get(0).mul(a.get(0)).add(Ops.constant(table));
          return List.of(z, a.get(1).sin().reverse(0).mul(a.get(1).cos()).sum());
        });
  }

  @ParameterizedTest
  @FieldSource("jaxon.runtime.lower.EngineRun#ENGINES")
  void countsEachByteOnce(String engine) {
    try (Backend backend = Backends.open(engine);
        Executable executable = backend.compile(graph(), CompileOptions.DEFAULT.donateFirst(1))) {
      MemoryUse use = executable.memory();
      assertThat(use.argumentBytes()).isEqualTo(2 * BYTES);
      assertThat(use.resultBytes()).isEqualTo(BYTES + 4);
      assertThat(use.temporaryBytes()).isBetween(BYTES, 4 * BYTES);
      assertThat(use.constantBytes()).isBetween(BYTES, BYTES + 64);
      assertThat(use.peakBytes())
          .as("the donated input becomes a result")
          .isEqualTo(2 * BYTES + 4 + use.temporaryBytes() + use.constantBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"interpreter"})
  void isEstimatedForTheInterpreter(String engine) {
    try (Backend backend = Backends.open(engine);
        Executable executable = backend.compile(graph(), CompileOptions.DEFAULT)) {
      MemoryUse use = executable.memory();
      assertThat(use.argumentBytes()).isEqualTo(2 * BYTES);
      assertThat(use.peakBytes()).isGreaterThanOrEqualTo(3 * BYTES + 4);
    }
  }
}
