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
import jaxon.runtime.profile.Profiler;

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

  /// All runs of the collectives of one name.
  ///
  /// @param bytes that this device sent at least
  /// @param nanos time under way
  /// @param exposed the part of it that the device waited for, beside no other work
  public record Transfers(String name, long calls, long bytes, long nanos, long exposed) {
    Transfers plus(Transfers more) {
      return new Transfers(
          name, calls + more.calls, bytes + more.bytes, nanos + more.nanos, exposed + more.exposed);
    }
  }

  /// Collectives by name, those that were waited for longest first.
  public List<Transfers> transfers() {
    SequencedMap<String, Transfers> byName = new LinkedHashMap<>();
    for (KernelEvent event : events) {
      KernelWork work = event.work();
      if (!work.waits() || event.worker() > 0) {
        continue;
      }
      // One that runs beside kernels is an event of its own, besides the wait for it.
      boolean isBeside = event.worker() == Profiler.COMMUNICATION;
      boolean isWhole = isBeside || work.collective().equals(work.name());
      Transfers one =
          new Transfers(
              work.collective(),
              isWhole ? 1 : 0,
              work.bytes(),
              isWhole ? event.nanos() : 0,
              isBeside ? 0 : event.nanos());
      byName.merge(one.name(), one, Transfers::plus);
    }
    List<Transfers> transfers = new ArrayList<>(byName.values());
    transfers.sort((a, b) -> Long.compare(b.exposed(), a.exposed()));
    return transfers;
  }

  /// How long the device waited for others in a step.
  public long exposedNanos(StepSpan step) {
    return events.stream()
        .filter(event -> event.worker() == 0 && event.work().waits())
        .filter(event -> event.startNanos() >= step.startNanos())
        .filter(event -> event.startNanos() < step.startNanos() + step.nanos())
        .mapToLong(KernelEvent::nanos)
        .sum();
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
