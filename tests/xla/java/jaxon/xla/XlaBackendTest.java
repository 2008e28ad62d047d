package jaxon.xla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.BackendUnavailableException;
import jaxon.runtime.Backends;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileException;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XlaBackendTest {
  private static final TensorType X = TensorType.of(DType.F32, 4);

  private final XlaBackend backend = new XlaBackend();

  @AfterEach
  void close() {
    assertThat(backend.liveBuffers()).isZero();
    backend.close();
  }

  /// Momentum: `(weight, velocity, gradient) -> (weight, velocity)`.
  private static Graph update() {
    return Tracer.traceClosed(
        "update",
        List.of(X, X, X),
        a -> {
          Array velocity = a.get(1).mul(0.9).add(a.get(2));
          return List.of(a.get(0).sub(velocity.mul(0.1)), velocity);
        });
  }

  private Buffer put(float... values) {
    return backend.put(Literal.ofFloats(values, values.length), XlaBackend.DEVICE);
  }

  @Test
  void isFoundByName() {
    assertThat(Backends.names()).contains("xla");
    try (Backend found = Backends.open("xla")) {
      assertThat(found.name()).isEqualTo("xla");
      assertThat(found.devices()).containsExactly(new Device("xla", 0));
    }
  }

  @Test
  void stateStaysOnTheDeviceAndDonatedInputsAreReleased() {
    try (Executable executable = backend.compile(update(), CompileOptions.DEFAULT.donateFirst(2));
        Buffer gradient = put(1, 1, 1, 1)) {
      Buffer weight = put(1, 2, 3, 4);
      Buffer velocity = put(0, 0, 0, 10);
      for (int step = 0; step < 3; step++) {
        List<Buffer> results = executable.execute(List.of(weight, velocity, gradient));
        assertThat(weight.isClosed()).isTrue();
        assertThat(velocity.isClosed()).isTrue();
        assertThat(gradient.isClosed()).isFalse();
        weight = results.get(0);
        velocity = results.get(1);
        assertThat(backend.liveBuffers()).isEqualTo(3);
      }
      assertThat(velocity.toLiteral().get(0)).isCloseTo(2.71, within(1e-6));
      assertThat(weight.toLiteral().get(0)).isCloseTo(0.439, within(1e-6));
      weight.close();
      velocity.close();
    }
  }

  @Test
  void inputsThatAreResultsStayAsTheyAre() {
    Graph graph =
        Tracer.traceClosed(
            "pass", List.of(X, X), a -> List.of(a.get(0), a.get(0), a.get(1).neg(), a.get(1)));
    try (Executable executable = backend.compile(graph, CompileOptions.DEFAULT.donateFirst(1));
        Buffer donated = put(1, 2, 3, 4);
        Buffer kept = put(5, 6, 7, 8)) {
      List<Buffer> results = executable.execute(List.of(donated, kept));
      assertThat(donated.isClosed()).isTrue();
      assertThat(kept.toLiteral()).isEqualTo(Literal.ofFloats(new float[] {5, 6, 7, 8}, 4));
      List<Literal> values = results.stream().map(Buffer::toLiteral).toList();
      assertThat(values.get(0)).isEqualTo(Literal.ofFloats(new float[] {1, 2, 3, 4}, 4));
      assertThat(values.get(1)).isEqualTo(values.get(0));
      assertThat(values.get(2)).isEqualTo(Literal.ofFloats(new float[] {-5, -6, -7, -8}, 4));
      assertThat(values.get(3)).isEqualTo(kept.toLiteral());
      results.forEach(Buffer::close);
    }
  }

  @Test
  void closedBuffersAndExecutablesAreErrors() {
    Executable executable = backend.compile(update(), CompileOptions.DEFAULT.donateFirst(1));
    Buffer x = put(1, 2, 3, 4);
    Buffer y = put(1, 2, 3, 4);
    assertThatThrownBy(() -> executable.execute(List.of(x, x, y)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one buffer");
    x.close();
    x.close();
    assertThatThrownBy(x::toLiteral)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> executable.execute(List.of(x, y, y)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input 0 of type f32[4] is closed");
    executable.close();
    executable.close();
    assertThatThrownBy(() -> executable.execute(List.of(y, y, y)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'update' is closed");
    y.close();
  }

  @Test
  void whatXlaRefusesIsACompileExceptionWithItsDiagnostics() {
    String module =
        """
        module @wrong {
          func.func public @main(%a: tensor<4xf32>) -> tensor<4xf32> {
            %0 = stablehlo.add %a, %nowhere : tensor<4xf32>
            return %0 : tensor<4xf32>
          }
        }
        """;
    Graph type = Tracer.traceClosed("wrong", List.of(X), a -> a);
    try (Executable executable = backend.compile("wrong", module, type.type(), new TreeSet<>());
        Buffer x = put(1, 2, 3, 4)) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> executable.execute(List.of(x)))
            .isInstanceOf(CompileException.class)
            .hasMessageContaining("xla: program 'wrong'")
            .hasMessageContaining("%nowhere");
      }
    }
  }

  @Test
  void programsRunOnSeveralThreadsAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(3);
        Executable executable = backend.compile(update(), CompileOptions.DEFAULT)) {
      List<Future<Literal>> values = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        float start = i;
        values.add(
            threads.submit(() -> {
              try (Buffer x = put(start, start, start, start)) {
                List<Buffer> results = executable.execute(List.of(x, x, x));
                Literal velocity = results.get(1).toLiteral();
                results.forEach(Buffer::close);
                return velocity;
              }
            }));
      }
      for (int i = 0; i < 12; i++) {
        assertThat(values.get(i).get().get(2)).isCloseTo(1.9 * i, within(1e-5));
      }
    }
  }

  @Test
  void anotherDeviceIsRefused() {
    assertThatThrownBy(
            () -> backend.put(Literal.ofFloats(new float[] {1}, 1), new Device("xla", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("xla:0");
  }

  @Test
  void threadsAreFixedByTheFirstProgram() {
    backend.compile(update(), CompileOptions.DEFAULT).close();
    assertThatThrownBy(() -> backend.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads must be >= 1");
    assertThatThrownBy(() -> backend.setThreads(4096))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("since the first program")
        .hasMessageContaining("asked: 4096");
    backend.setThreads(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void threadCountsAreEncodedAsProtobufVarints() {
    assertThat(EagerContext.config(2)).containsExactly(0x10, 2, 0x28, 1);
    assertThat(EagerContext.config(300)).containsExactly(0x10, 0xac, 0x02, 0x28, 1);
  }

  @Test
  void missingLibrarySaysWhatToDo(@TempDir Path empty) {
    Map<String, String> environment = Map.of(NativeLibrary.FOLDER_VARIABLE, empty.toString());
    assertThatThrownBy(() -> NativeLibrary.file(environment))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining(empty.toString())
        .hasMessageContaining("JAXON_XLA_LIBRARY must be the folder");
    assertThat(NativeLibrary.file(Map.of())).isRegularFile();
  }

  @Test
  void variablesOfTheUserStay() {
    assertThat(ProcessSettings.variables(Map.of()))
        .containsEntry("XLA_FLAGS", ProcessSettings.XLA_FLAGS)
        .containsEntry("TF_CPP_MIN_LOG_LEVEL", "3");
    assertThat(ProcessSettings.variables(Map.of("XLA_FLAGS", "")))
        .containsOnlyKeys("TF_CPP_MIN_LOG_LEVEL");
  }
}
