package jaxon.trainer.profile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.type.DType;
import jaxon.runtime.profile.KernelEvent;
import jaxon.runtime.profile.KernelWork;

/// What was recorded of some steps.
///
/// @param events kernels, in the order of their beginning
/// @param steps the steps they belong to
/// @param rooflines what the machine can do
/// @param dropped kernels for which there was no room
public record Profile(
    List<KernelEvent> events, List<StepSpan> steps, Rooflines rooflines, long dropped) {
  public Profile {
    events = List.copyOf(events);
    steps = List.copyOf(steps);
  }

  /// A step of the run, by [System#nanoTime].
  public record StepSpan(long step, long startNanos, long nanos) {}

  /// All runs of the kernels of one name.
  ///
  /// @param nanos time in them, without what they ran inside (the body of a loop)
  public record Kernels(String name, long calls, long nanos, long flops, long bytes, DType dtype) {
    Kernels plus(long moreNanos, KernelWork work) {
      return new Kernels(
          name, calls + 1, nanos + moreNanos, flops + work.flops(), bytes + work.bytes(), dtype);
    }
  }

  /// Kernels by name, those that took longest first.
  public List<Kernels> kernels() {
    SequencedMap<String, Kernels> byName = new LinkedHashMap<>();
    Deque<Open> open = new ArrayDeque<>();
    for (KernelEvent event : events) {
      if (event.worker() != 0) {
        continue;
      }
      while (!open.isEmpty() && open.getLast().event.endNanos() <= event.startNanos()) {
        add(byName, open.removeLast());
      }
      if (!open.isEmpty()) {
        open.getLast().inside += event.nanos();
      }
      open.addLast(new Open(event));
    }
    while (!open.isEmpty()) {
      add(byName, open.removeLast());
    }
    List<Kernels> kernels = new ArrayList<>(byName.values());
    kernels.sort((a, b) -> Long.compare(b.nanos(), a.nanos()));
    return kernels;
  }

  /// A kernel of which it is not known yet what ran inside.
  private static final class Open {
    private final KernelEvent event;
    private long inside;

    Open(KernelEvent event) {
      this.event = event;
    }
  }

  private static void add(SequencedMap<String, Kernels> byName, Open done) {
    KernelWork work = done.event.work();
    Kernels before =
        byName.getOrDefault(work.name(), new Kernels(work.name(), 0, 0, 0, 0, work.dtype()));
    byName.put(work.name(), before.plus(done.event.nanos() - done.inside, work));
  }

  /// How close work of this size came to the least time that the rooflines allow it; 0 where the
  /// work is not known.
  double fraction(long flops, long bytes, DType dtype, long nanos) {
    double gemm = dtype == DType.BF16 ? rooflines.bfloat16Gflops() : rooflines.float32Gflops();
    return Math.max(flops / gemm, bytes / rooflines.copyGbs()) / Math.max(1, nanos);
  }
}
