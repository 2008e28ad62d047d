package jaxon.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
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
import jaxon.runtime.program.HostBuffer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Nd4jBackendTest {
  private static final TensorType X = TensorType.of(DType.F32, 4);

  private final Nd4jBackend backend = new Nd4jBackend();

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

  private HostBuffer put(float... values) {
    return (HostBuffer)
        backend.put(Literal.ofFloats(values, values.length), backend.devices().getFirst());
  }

  @Test
  void isFoundByName() {
    assertThat(Backends.names()).contains("nd4j");
    try (Backend found = Backends.open("nd4j")) {
      assertThat(found.name()).isEqualTo("nd4j");
      assertThat(found.devices()).containsExactly(new Device("nd4j", 0));
    }
  }

  @Test
  void donatedStateIsUpdatedInPlace() {
    try (Executable executable = backend.compile(update(), CompileOptions.DEFAULT.donateFirst(2))) {
      HostBuffer weight = put(1, 2, 3, 4);
      HostBuffer velocity = put(0, 0, 0, 10);
      HostBuffer gradient = put(1, 1, 1, 1);
      List<Long> places = List.of(weight.address(), velocity.address());
      for (int step = 0; step < 3; step++) {
        List<Buffer> results = executable.execute(List.of(weight, velocity, gradient));
        assertThat(weight.isClosed()).isTrue();
        assertThat(velocity.isClosed()).isTrue();
        assertThat(gradient.isClosed()).isFalse();
        weight = (HostBuffer) results.get(0);
        velocity = (HostBuffer) results.get(1);
        assertThat(List.of(weight.address(), velocity.address()))
            .containsExactlyInAnyOrderElementsOf(places);
        assertThat(backend.liveBuffers()).isEqualTo(3);
      }
      assertThat(velocity.toLiteral().get(0)).isCloseTo(2.71, Offset.offset(1e-6));
      assertThat(weight.toLiteral().get(0)).isCloseTo(0.439, Offset.offset(1e-6));
      List.of(weight, velocity, gradient).forEach(Buffer::close);
    }
  }

  @Test
  void inputsThatAreNotDonatedStayAsTheyAre() {
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
  void anotherDeviceIsRefused() {
    assertThatThrownBy(
            () -> backend.put(Literal.ofFloats(new float[] {1}, 1), new Device("nd4j", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nd4j:0");
  }

  @Test
  void threadsMustBePositive() {
    assertThatThrownBy(() -> backend.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads must be >= 1");
  }
}
