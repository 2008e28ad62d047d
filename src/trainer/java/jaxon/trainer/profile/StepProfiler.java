package jaxon.trainer.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jaxon.runtime.profile.Profiler;

/// The profiler as a hook of the training loop: records steps `skip` to below `skip + steps`, then
/// hands over the [Profile] once.
public final class StepProfiler implements AutoCloseable {
  /// Kernels kept of each thread: some steps of a large model, in 20 MB.
  private static final int CAPACITY = 1 << 20;

  private final Profiler profiler;
  private final long first;
  private final long end;
  private final Supplier<Rooflines> rooflines;
  private final Consumer<Profile> result;
  private final List<Profile.StepSpan> spans = new ArrayList<>();
  private boolean handedOver;

  /// @param threads threads of the engine
  /// @param skip steps before the first one recorded
  /// @param steps steps recorded
  /// @param rooflines measured when all is recorded
  /// @param result where the profile goes; not called if no step was recorded
  public StepProfiler(
      int threads, long skip, int steps, Supplier<Rooflines> rooflines, Consumer<Profile> result) {
    // One that is never on needs no room.
    this.profiler = new Profiler(threads, steps == 0 ? 1 : CAPACITY);
    this.first = skip;
    this.end = skip + steps;
    this.rooflines = rooflines;
    this.result = result;
  }

  /// Runs one step of the loop, recorded or not; hands over before the first step after the
  /// recorded ones.
  ///
  /// @param step its number, from 0
  public <T> T step(long step, Supplier<T> body) {
    if (step >= end) {
      handOver();
    }
    if (step < first || step >= end) {
      return body.get();
    }
    profiler.start();
    try {
      long startNanos = System.nanoTime();
      T value = body.get();
      spans.add(new Profile.StepSpan(step, startNanos, System.nanoTime() - startNanos));
      return value;
    } finally {
      profiler.stop();
    }
  }

  /// Hands over what there is, if the run ended before the last step to record.
  @Override
  public void close() {
    handOver();
  }

  private void handOver() {
    if (!handedOver && !spans.isEmpty()) {
      handedOver = true;
      result.accept(new Profile(profiler.events(), spans, rooflines.get(), profiler.dropped()));
    }
  }
}
