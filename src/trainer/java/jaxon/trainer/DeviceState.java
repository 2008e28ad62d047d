package jaxon.trainer;

import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffers;

/// The training state on the device: owned here from the first to the last step, whatever happens
/// in between.
final class DeviceState implements AutoCloseable {
  private final TrainPrograms programs;
  private final TrainPrograms.Compiled compiled;
  private Buffers buffers;

  private DeviceState(TrainPrograms programs, TrainPrograms.Compiled compiled, Buffers buffers) {
    this.programs = programs;
    this.compiled = compiled;
    this.buffers = buffers;
  }

  /// The state before the first step, drawn from `seed`; closes the program that drew it, whose
  /// memory nothing needs any more.
  static DeviceState init(
      TrainPrograms programs, TrainPrograms.Compiled compiled, Backend backend, long seed) {
    try (Buffers keys = Buffers.put(backend, compiled.init(), 0, List.of(key(seed)))) {
      Buffers first = keys.execute(compiled.init(), Buffers.none());
      compiled.init().close();
      return new DeviceState(programs, compiled, first);
    }
  }

  /// A state that was read; closes the program that would have drawn it.
  static DeviceState of(TrainPrograms programs, TrainPrograms.Compiled compiled, Buffers state) {
    compiled.init().close();
    return new DeviceState(programs, compiled, state);
  }

  /// The key (`ui32[2]`) that stands for `seed`.
  static Literal key(long seed) {
    int[] words = {(int) (seed >>> 32), (int) seed};
    return Literal.wrap(TensorType.of(DType.UI32, 2), words);
  }

  /// Trains on a batch and gives the step's metrics; the buffers of the state before it are
  /// donated.
  SequencedMap<String, Double> update(Backend backend, List<Literal> batch) {
    int size = programs.stateSize();
    try (Buffers inputs = Buffers.put(backend, compiled.step(), size, batch)) {
      Buffers results = buffers.execute(compiled.step(), inputs);
      buffers = results.part(0, size);
      return metrics(results);
    }
  }

  private SequencedMap<String, Double> metrics(Buffers results) {
    int size = programs.stateSize();
    try (Buffers metrics = results.part(size, size + 1)) {
      return StepMetrics.unpack(metrics.list().getFirst().toLiteral());
    }
  }

  /// The parameters, still owned here and valid until the next update.
  Buffers params() {
    return buffers.part(0, programs.paramsSize());
  }

  /// All of the state, still owned here and valid until the next update.
  Buffers all() {
    return buffers;
  }

  @Override
  public void close() {
    buffers.close();
  }
}
