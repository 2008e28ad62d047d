package jaxon.runtime.cpu.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.program.Layout;

/// Has the JIT compile generated code before its first run, while the program is still being made.
///
/// The code is called on single rows of memory that is thrown away, often enough to be compiled,
/// from a thread that nobody waits for until the loop runs. Its first run would otherwise begin in
/// the interpreter, where the threads of a pool wait for each other, and the JIT would compile the
/// loop twice: for the run that is under way and for those after it.
final class Rehearsal {
  /// More calls than the JIT's last tier wants of a generated class (`bin/jvm.flags`).
  private static final int CALLS = 8;

  /// Room for vectors that begin at the last element.
  private static final long PAGE = 4096;

  /// Columns of a call: whole vectors of every species and one element more.
  private static final long COLUMNS = 3 * 64 + 1;

  private static final Logger LOG = System.getLogger(Rehearsal.class.getName());

  /// The JIT has few threads; more callers would only stand in its queue.
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private static final ThreadPoolExecutor CALLERS = callers();

  private Rehearsal() {}

  private static ThreadPoolExecutor callers() {
    ThreadPoolExecutor callers =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "jaxon-rehearsal");
              thread.setDaemon(true);
              return thread;
            });
    callers.allowCoreThreadTimeOut(true);
    return callers;
  }

  /// Starts the rehearsal of `code` as `lowered` will run it on inputs that lie as `inputs` says.
  static Readiness start(GeneratedLoop code, Lowered lowered, List<Layout> inputs) {
    long reach = PAGE;
    for (Layout input : inputs) {
      reach = Math.max(reach, PAGE + reach(input));
    }
    for (TensorType output : lowered.outputs()) {
      reach = Math.max(reach, PAGE + output.bytes());
    }
    return start(code, lowered, reach);
  }

  private static Readiness start(GeneratedLoop code, Lowered lowered, long reach) {
    Readiness ready = new Readiness();
    if (!HostBlock.isFreeUntilTouched(2 * reach)) {
      ready.reached();
      return ready;
    }
    CALLERS.execute(() -> {
      try {
        call(code, lowered, reach);
      } catch (RuntimeException | OutOfMemoryError e) {
        // Such as a division by the zeros of fresh memory. The loop is compiled as it runs.
        LOG.log(Level.DEBUG, "no rehearsal of {0}: {1}", code.getClass().getName(), e);
      } finally {
        ready.reached();
      }
    });
    return ready;
  }

  /// Calls the code on its first row, with all operands in one place: `reach` bytes lie on both
  /// sides of where they begin. Nobody reads what is computed.
  private static void call(GeneratedLoop code, Lowered lowered, long reach) {
    long shared = lowered.params().scratchBytes();
    try (HostBlock operands = HostBlock.allocate(2 * reach);
        HostBlock scratch = HostBlock.allocate(PAGE + shared + lowered.threadBytes())) {
      long[] args = lowered.params().template();
      Arrays.fill(args, 0, lowered.inputs() + lowered.outputs().size(), operands.address() + reach);
      for (int index : lowered.params().scratchIndices()) {
        args[index] += scratch.address();
      }
      long to = Math.min(COLUMNS, lowered.width());
      for (int i = 0; i < CALLS; i++) {
        code.run(args, 0, 1, 0, to, 0, scratch.address() + shared);
        code.columns(args, 0, Math.min(COLUMNS, lowered.columnCount()));
      }
    }
  }

  /// How far the elements of an operand lie from its first one, in bytes.
  private static long reach(Layout layout) {
    long elements = 1;
    for (int dim = 0; dim < layout.shape().rank(); dim++) {
      elements += Math.abs(layout.strides().get(dim)) * (layout.shape().dim(dim) - 1);
    }
    return elements * layout.dtype().bytes();
  }
}
