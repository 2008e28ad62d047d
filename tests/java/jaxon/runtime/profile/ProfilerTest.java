package jaxon.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.Graph;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProfilerTest {
  private static final KernelWork WORK = new KernelWork("work", DType.F32, 6, 8);

  private final Profiler profiler = new Profiler(2, 4);

  @AfterEach
  void stop() {
    profiler.stop();
  }

  @Test
  void keepsTheLatestEventsOfEachWorker() {
    for (int i = 0; i < 6; i++) {
      profiler.record(0, WORK, i);
    }
    profiler.record(1, WORK, 9);
    profiler.record(2, WORK, 9); // No such worker was announced.
    assertThat(profiler.events()).extracting(KernelEvent::worker).containsExactly(0, 0, 0, 0, 1);
    assertThat(profiler.events())
        .extracting(KernelEvent::startNanos)
        .containsExactly(2L, 3L, 4L, 5L, 9L);
    assertThat(profiler.dropped()).isEqualTo(2);
    profiler.clear();
    assertThat(profiler.events()).isEmpty();
  }

  @Test
  void onlyOneRecords() {
    assertThat(Profiler.recording()).isNull();
    profiler.start();
    assertThat(Profiler.recording()).isSameAs(profiler);
    Profiler second = new Profiler(1, 1);
    assertThatThrownBy(second::start).hasMessageContaining("another profiler");
    second.stop();
    assertThat(Profiler.recording()).isSameAs(profiler);
    profiler.stop();
    assertThat(Profiler.recording()).isNull();
  }

  @Test
  void programsTellTheirKernels() {
    TensorType a = TensorType.of(DType.F32, 8, 16);
    TensorType b = TensorType.of(DType.F32, 16, 4);
    Graph graph =
        Tracer.traceClosed(
            "program",
            List.of(a, b),
            x -> List.of(Ops.einsum("ij,jk->ik", x.get(0), x.get(1)).add(1.0).exp()));
    try (Backend backend = Backends.open("cpu");
        Executable program = backend.compile(graph, CompileOptions.DEFAULT);
        Buffer left = backend.put(Literal.splat(a, 1), backend.devices().getFirst());
        Buffer right = backend.put(Literal.splat(b, 1), backend.devices().getFirst())) {
      program.execute(List.of(left, right)).forEach(Buffer::close);
      assertThat(profiler.events()).isEmpty();
      profiler.start();
      program.execute(List.of(left, right)).forEach(Buffer::close);
      profiler.stop();
      List<KernelWork> works =
          profiler.events().stream().filter(e -> e.worker() == 0).map(KernelEvent::work).toList();
      assertThat(works).extracting(KernelWork::name).anyMatch(n -> n.startsWith("dot_general"));
      assertThat(works).extracting(KernelWork::flops).contains(2L * 8 * 16 * 4);
      assertThat(works).extracting(KernelWork::bytes).contains(4L * (8 * 16 + 16 * 4 + 8 * 4));
    }
  }

  @Test
  void needsRoom() {
    assertThatThrownBy(() -> new Profiler(0, 1)).hasMessageContaining("workers >= 1");
    assertThatThrownBy(() -> new Profiler(1, 0)).hasMessageContaining("capacity >= 1");
  }
}
