package jaxon.runtime.lower;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Control.ScanResult;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Buffer;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final TensorType X = TensorType.of(DType.F32, 24, 40);

  /// A loop whose body has a kernel of each sort.
  private static Graph graph(long length) {
    return Tracer.traceClosed(
        "loop",
        List.of(X, TensorType.of(DType.F32, length, 40), TensorType.of(DType.UI32, 2)),
        a -> {
          ScanResult scan =
              Control.scan(
                  length,
                  false,
                  List.of(a.get(0), Ops.zeros(X), a.get(2)),
                  List.of(a.get(1)),
                  (c, x) -> step(c, x.getFirst()));
          return List.of(scan.carry().get(0), scan.carry().get(1), scan.ys().getFirst());
        });
  }

  private static ScanResult step(List<Array> carry, Array row) {
    Array x = carry.get(0);
    Array square = Ops.einsum("ij,kj->ik", x, x);
    Array y = Ops.einsum("ik,kj->ij", square.tanh(), x).add(row.broadcastTo(Shape.of(24, 40)));
    Array picked = Ops.take(y, Ops.constant(Literal.ofInts(new int[] {3, 1, 7}, 3)));
    Array moved = y.transpose(1, 0).reshape(Shape.of(24, 40)).astype(DType.BF16);
    Array noise = Threefry.uniform(carry.get(2), Shape.of(24, 40), -1, 1);
    Array next = x.mul(0.5).add(moved.astype(DType.F32)).add(noise);
    return new ScanResult(
        List.of(next, carry.get(1).add(y), carry.get(2)),
        List.of(y.max(1).add(picked.sum()), y.sum(0)));
  }

  private static long allocatedByOneExecution(HostBackend backend, long length) {
    try (Executable executable = backend.compile(graph(length), CompileOptions.DEFAULT)) {
      List<Buffer> inputs = new ArrayList<>();
      for (TensorType type : executable.type().inputs()) {
        Literal value =
            type.dtype().isFloat()
                ? Literal.generate(type, i -> 1.0 / (i + 1))
                : Literal.generateLongs(type, i -> i);
        inputs.add(backend.put(value, backend.devices().getFirst()));
      }
      // The first execution loads classes and makes the blocks of the results.
      execute(executable, inputs);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        execute(executable, inputs);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
      inputs.forEach(Buffer::close);
      return least;
    }
  }

  private static void execute(Executable executable, List<Buffer> inputs) {
    executable.execute(inputs).forEach(Buffer::close);
  }

  @Test
  void kernelsAllocateNothing() {
    try (HostBackend backend = EngineRun.open("cpu")) {
      backend.setThreads(1);
      long few = allocatedByOneExecution(backend, 2);
      long many = allocatedByOneExecution(backend, 200);
      // The sizes of the results differ, and with them the boxes in which the pool looks them up.
      assertThat(many - few).as("bytes allocated by 198 more steps").isLessThan(198);
      assertThat(few).as("bytes of an execution").isLessThan(10_000);
    }
  }
}
