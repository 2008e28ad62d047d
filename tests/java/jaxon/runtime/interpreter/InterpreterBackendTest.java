package jaxon.runtime.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.testing.RandomGraphs;
import jaxon.testing.RandomLiterals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterpreterBackendTest {
  private static final TensorType X = TensorType.of(DType.F32, 2);

  private final Backend backend = Backends.open("interpreter");

  @AfterEach
  void close() {
    backend.close();
  }

  private static Graph add() {
    return Tracer.traceClosed(
        "add", List.of(X, X), args -> List.of(args.get(0).add(args.get(1)), args.get(0)));
  }

  private Buffer put(float... values) {
    return backend.put(Literal.ofFloats(values, values.length), backend.devices().getFirst());
  }

  @Test
  void isFoundByName() {
    assertThat(Backends.names()).contains("interpreter");
    assertThat(backend.name()).isEqualTo("interpreter");
    assertThat(backend.devices()).hasSize(1);
  }

  @Test
  void runsACompiledGraph() {
    Executable executable = backend.compile(add(), CompileOptions.DEFAULT);
    assertThat(executable.type()).isEqualTo(add().type());
    List<Buffer> results = executable.execute(List.of(put(1, 2), put(10, 20)));
    assertThat(results.getFirst().toLiteral()).isEqualTo(Literal.ofFloats(new float[] {11, 22}, 2));
    assertThat(results.getFirst().device()).isEqualTo(backend.devices().getFirst());
  }

  @Test
  void donatedInputsAreClosedAndOthersAreNot() {
    Executable executable = backend.compile(add(), CompileOptions.DEFAULT.donateFirst(1));
    Buffer donated = put(1, 2);
    Buffer kept = put(3, 4);
    List<Buffer> results = executable.execute(List.of(donated, kept));
    assertThat(donated.isClosed()).isTrue();
    assertThat(kept.isClosed()).isFalse();
    assertThat(results.get(1).toLiteral()).isEqualTo(Literal.ofFloats(new float[] {1, 2}, 2));
    assertThatThrownBy(donated::toLiteral)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed or donated");
    assertThatThrownBy(() -> executable.execute(List.of(donated, kept)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input 0 of type f32[2] is closed");
  }

  @Test
  void failedExecutionsDoNotTakeDonatedInputs() {
    Executable executable = backend.compile(add(), CompileOptions.DEFAULT.donateFirst(1));
    Buffer donated = put(1, 2);
    assertThatThrownBy(() -> executable.execute(List.of(donated, put(1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(donated.isClosed()).isFalse();
  }

  @Test
  void closedExecutablesRefuseToRun() {
    Executable executable = backend.compile(add(), CompileOptions.DEFAULT);
    executable.close();
    assertThatThrownBy(() -> executable.execute(List.of(put(1, 2), put(3, 4))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void refusesDevicesOfOthers() {
    assertThatThrownBy(() -> backend.put(Literal.splat(X, 1), new Device("nd4j", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nd4j:0");
  }

  @Test
  void agreesWithTheInterpreterOnRandomGraphs() {
    for (int seed = 100; seed < 130; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      List<Buffer> buffers =
          inputs.stream().map(x -> backend.put(x, backend.devices().getFirst())).toList();
      List<Literal> expected = Interpreter.run(graph, inputs);
      List<Buffer> found = backend.compile(graph, CompileOptions.DEFAULT).execute(buffers);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i).toLiteral().toDoubles())
            .as("output %d of seed %d", i, seed)
            .isEqualTo(expected.get(i).toDoubles());
      }
    }
  }
}
