package jaxon.runtime.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.program.Layout;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final Graph REGION =
      Tracer.traceClosed(
          "loop",
          List.of(TensorType.of(DType.F32, 1 << 14, 512), TensorType.of(DType.F32)),
          a -> List.of(a.get(0).mul(a.get(1)), a.get(0).sum(-1)));

  private record Call(long first, long last, long from, long to) {}

  /// Writes down how it was called, and `fails` if asked to.
  private static final class Recording implements GeneratedLoop {
    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> addresses = Collections.synchronizedList(new ArrayList<>());
    private final boolean fails;

    Recording(boolean fails) {
      this.fails = fails;
    }

    @Override
    public void run(long[] a, long first, long last, long from, long to, long task, long scratch) {
      for (int i = 0; i < 4; i++) {
        addresses.add(a[i]);
      }
      // The far ends of the larger input can be read.
      long end = a[0] + 4L * 512 * (1 << 14) - 4;
      LaneMemory.ALL.get(LaneMemory.FLOAT, end);
      LaneMemory.ALL.get(LaneMemory.FLOAT, 2 * a[0] - end);
      calls.add(new Call(first, last, from, to));
      if (fails) {
        throw new ArithmeticException("division by zero");
      }
    }

    @Override
    public void columns(long[] a, long from, long to) {}
  }

  private static Recording rehearse(boolean fails) {
    List<Layout> inputs = LoopRun.dense(REGION);
    Lowered lowered = Lowered.of(REGION, Shape.of(1 << 14, 512), 1, inputs, 256);
    Recording code = new Recording(fails);
    Rehearsal.start(code, lowered, inputs).await();
    return code;
  }

  @Test
  void runsOneRowOftenOnMemoryAsLargeAsTheOperands() {
    Recording code = rehearse(false);
    assertThat(code.calls).hasSizeGreaterThan(5);
    assertThat(code.calls).extracting(Call::first).containsOnly(0L);
    assertThat(code.calls).extracting(Call::last).containsOnly(1L);
    assertThat(code.calls).extracting(Call::to).allMatch(to -> to > 0 && to < 512);
    assertThat(code.addresses).doesNotContain(0L);
  }

  @Test
  void codeThatFailsOnZerosIsReadyAllTheSame() {
    assertThat(rehearse(true).calls).hasSize(1);
  }
}
