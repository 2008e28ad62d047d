package jaxon.trainer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jaxon.runtime.Executable;
import jaxon.runtime.MemoryUse;
import jaxon.trainer.profile.ProcessMemory;

/// What a run will hold in memory at most, known when its programs are compiled. In bytes.
///
/// The device's part is what the engine will allocate, by the plans of the programs; on an engine
/// that does not plan, it is a lower bound. The process's part is the device's where the device is
/// the host, what is resident before the state is drawn, and [#ALLOWANCE].
///
/// @param params the parameters
/// @param optimizer the optimizer's state
/// @param copies copies of the parameters in the type that the model computes in
/// @param step what a step needs besides these: a batch, temporaries, constants, kernels' scratch
/// @param eval the same of an evaluation, which keeps its memory until the next one
/// @param init what drawing the first state takes more than all this, usually nothing
/// @param before what was resident when the forecast was made, if known
/// @param available what the process could still take then, if known
public record MemoryForecast(
    long params,
    long optimizer,
    long copies,
    long step,
    long eval,
    long init,
    OptionalLong before,
    OptionalLong available) {
  /// What the JVM takes more from then on, measured: the rest of the young generation, the machine
  /// code of the loops, the compiler while it makes them.
  static final long ALLOWANCE = 96L << 20;

  private static final double GIB = 1L << 30;
  private static final double MIB = 1L << 20;

  /// The forecast for programs that have not run yet.
  static MemoryForecast of(TrainPrograms programs, TrainPrograms.Compiled compiled) {
    ProcessMemory process = ProcessMemory.ofThisProcess();
    return of(programs, compiled, process.residentBytes(), process.availableBytes());
  }

  static MemoryForecast of(
      TrainPrograms programs,
      TrainPrograms.Compiled compiled,
      OptionalLong before,
      OptionalLong available) {
    List<Long> state = programs.placement().stateBytes(programs.init().outputTemplate());
    int copied = programs.init().outputTemplate().copies().size();
    long params = sum(state.subList(0, programs.paramsSize()));
    long copies = sum(state.subList(state.size() - copied, state.size()));
    long all = sum(state);
    MemoryUse use = compiled.step().memory();
    long step = use.peakBytes() - all;
    long eval = compiled.eval().map(Executable::memory).map(e -> e.peakBytes() - params).orElse(0L);
    long init = Math.max(0, compiled.init().memory().peakBytes() - all - step - eval);
    return new MemoryForecast(
        params, all - params - copies, copies, step, eval, init, before, available);
  }

  private static long sum(List<Long> bytes) {
    return bytes.stream().mapToLong(Long::longValue).sum();
  }

  /// All that the engine allocates.
  public long deviceBytes() {
    return params + optimizer + copies + step + eval + init;
  }

  /// What will be resident of the process at most, if it is known what is now.
  public OptionalLong processBytes() {
    return before.isPresent()
        ? OptionalLong.of(before.getAsLong() + deviceBytes() + ALLOWANCE)
        : OptionalLong.empty();
  }

  /// Tells what is predicted, in one line; in a second one, if the machine has not that much.
  void announce(Consumer<String> out) {
    out.accept("Memory     " + line());
    warning().ifPresent(out);
  }

  /// For example `1.50 GiB predicted (parameters 0.22, optimizer 0.44, copies 0.11, step 0.75),
  /// 1.80 with the JVM`; in MiB if it is little.
  String line() {
    boolean isLarge = deviceBytes() >= GIB / 10;
    double unit = isLarge ? GIB : MIB;
    StringBuilder line = new StringBuilder(in(unit, deviceBytes()));
    line.append(isLarge ? " GiB" : " MiB").append(" predicted (");
    line.append("parameters ").append(in(unit, params));
    line.append(", optimizer ").append(in(unit, optimizer));
    append(line, "copies", unit, copies);
    line.append(", step ").append(in(unit, step));
    append(line, "evaluation", unit, eval);
    append(line, "initialization", unit, init);
    line.append(')');
    processBytes()
        .ifPresent(bytes -> line.append(", ").append(in(unit, bytes)).append(" with the JVM"));
    return line.toString();
  }

  private static void append(StringBuilder line, String name, double unit, long bytes) {
    if (bytes > 0) {
      line.append(", ").append(name).append(' ').append(in(unit, bytes));
    }
  }

  /// What to do if less is available than the run will take.
  Optional<String> warning() {
    long needed = deviceBytes() + ALLOWANCE;
    if (available.isEmpty() || needed <= available.getAsLong()) {
      return Optional.empty();
    }
    return Optional.of(
        ("Warning: the run will take about %s GiB of memory, and the machine has %s GiB available. Lower"
                + " per_device_batch_size (with gradient_accumulation_steps the update stays as large) or"
                + " max_target_length, or set remat_policy=full")
            .formatted(in(GIB, needed), in(GIB, available.getAsLong())));
  }

  /// Bytes for tables, for example `1,544 MiB`.
  public static String mebibytes(long bytes) {
    double mebibytes = bytes / MIB;
    return String.format(Locale.ROOT, mebibytes < 10 ? "%,.1f MiB" : "%,.0f MiB", mebibytes);
  }

  private static String in(double unit, long bytes) {
    return String.format(Locale.ROOT, "%.2f", bytes / unit);
  }
}
