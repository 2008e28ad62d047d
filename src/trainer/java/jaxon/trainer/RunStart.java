package jaxon.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.TensorReader;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.model.StoredModel;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.config.CheckpointConfig;
import jaxon.config.Configuration;
import jaxon.graph.type.Literal;
import jaxon.input.IteratorState;
import jaxon.layers.DTypes;
import jaxon.runtime.Buffer;
import jaxon.runtime.Buffers;
import org.jspecify.annotations.Nullable;

/// Where a run starts, looked for in MaxText's order: its own newest checkpoint that can be read,
/// `load_parameters_path`, `load_full_state_path`, new weights.
final class RunStart {
  /// A state to go on from.
  ///
  /// @param step updates done
  /// @param input where the data goes on; empty for its beginning
  record Point(DeviceState state, long step, Optional<IteratorState> input) {}

  private final Configuration config;
  private final RunDevices devices;
  private final TrainPrograms programs;
  private final TrainPrograms.Compiled compiled;
  private final StateTensors tensors;
  private final RunReport report;

  RunStart(
      Configuration config,
      RunDevices devices,
      TrainPrograms programs,
      TrainPrograms.Compiled compiled,
      RunReport report) {
    this.config = config;
    this.devices = devices;
    this.programs = programs;
    this.compiled = compiled;
    this.tensors = StateTensors.of(programs);
    this.report = report;
  }

  /// The start of a run whose own checkpoints are in `store`, if it has any.
  ///
  /// @throws CheckpointException if what it should start from cannot be used
  Point find(Optional<CheckpointStore> store) {
    Optional<Point> own = store.flatMap(this::newest);
    if (own.isPresent()) {
      return own.get();
    }
    CheckpointConfig keys = config.checkpoint();
    if (keys.loadParametersPath().isPresent()) {
      return parametersOf(keys.loadParametersPath().get());
    }
    if (keys.loadFullStatePath().isPresent()) {
      return fullStateOf(keys.loadFullStatePath().get());
    }
    long seed = config.run().initWeightsSeed();
    return new Point(
        DeviceState.init(programs, compiled, devices.backend(), seed), 0, Optional.empty());
  }

  /// The newest checkpoint that all processes can read; damaged ones are set aside.
  private Optional<Point> newest(CheckpointStore store) {
    List<Long> steps = leaders(store);
    for (long step : steps.reversed()) {
      @Nullable CheckpointException failure = null;
      Optional<Point> point = Optional.empty();
      try {
        point = Optional.of(read(store, step));
      } catch (CheckpointException e) {
        if (e.kind() != CheckpointException.Kind.DAMAGED) {
          // Says nothing about the checkpoint, which may be read when the cause is gone.
          throw e;
        }
        failure = e;
      }
      if (!devices.any(failure != null)) {
        report.println(
            "Resuming   from step %,d, %s".formatted(step, store.directory().resolve("" + step)));
        return point;
      }
      point.ifPresent(read -> read.state().close());
      setAside(store, step, failure);
    }
    requireNoDamaged(store);
    return Optional.empty();
  }

  /// A run that has lost its checkpoints does not start anew unasked: neither now nor next time.
  private void requireNoDamaged(CheckpointStore store) {
    List<String> damaged = store.damaged();
    if (devices.any(!damaged.isEmpty())) {
      throw TrainingException.failure(
          "no checkpoint in %s can be read; set aside as damaged are %s. Put an intact copy of one there under its step's number, or choose another run_name, or remove what is set aside to start this run anew"
              .formatted(store.directory(), String.join(", ", damaged)),
          null);
    }
  }

  /// The steps there are, as the first process sees them.
  private List<Long> leaders(CheckpointStore store) {
    List<String> own = new ArrayList<>();
    if (devices.isLeader()) {
      store.steps().forEach(step -> own.add("" + step));
    }
    String all = devices.leaders("checkpoints", String.join(",", own));
    return all.isEmpty()
        ? List.of()
        : Arrays.stream(all.split(",", -1)).map(Long::valueOf).toList();
  }

  private void setAside(CheckpointStore store, long step, @Nullable CheckpointException failure) {
    if (devices.isLeader()) {
      Path place = store.setAside(step);
      String reason =
          failure == null ? "another process cannot read it" : String.valueOf(failure.getMessage());
      report.println(
          "Warning: the checkpoint of step %,d is not used: %s. It is set aside as %s; looking for an earlier one"
              .formatted(step, reason, place.getFileName()));
    }
    devices.leaders("set aside", "");
  }

  private Point read(CheckpointStore store, long step) {
    Checkpoint checkpoint = store.read(step);
    IteratorState input = IteratorState.fromMap(checkpoint.facts().input());
    return new Point(fullState(store, checkpoint), step, Optional.of(input));
  }

  private DeviceState fullState(CheckpointStore store, Checkpoint checkpoint) {
    try (TensorReader reader = store.open(checkpoint)) {
      Buffers saved =
          tensors.read(
              reader,
              Function.identity(),
              0,
              tensors.entries().size(),
              devices.backend(),
              compiled.step());
      return complete(
          saved, programs.copiesOf(saved.part(0, tensors.params()), devices.backend(), config));
    }
  }

  private DeviceState complete(Buffers first, Buffers rest) {
    List<Buffer> all = new ArrayList<>(first.list());
    all.addAll(rest.list());
    return DeviceState.of(programs, compiled, new Buffers(all));
  }

  /// Parameters from elsewhere, converted to `weight_dtype`; everything else as at a first step.
  private Point parametersOf(Path path) {
    try (StoredModel model = StoredModel.open(path);
        TensorSource source =
            new ConvertedSource(model.parameters(config), DTypes.of(config.run().weightDtype()))) {
      Buffers params =
          tensors.read(
              source,
              name -> name.substring(StateTensors.PARAMS.length()),
              0,
              tensors.params(),
              devices.backend(),
              compiled.step());
      report.println("Parameters from " + model.description());
      DeviceState state = complete(params, programs.restOf(params, devices.backend(), config));
      return new Point(state, 0, Optional.empty());
    }
  }

  /// All but the data's place from another run.
  private Point fullStateOf(Path path) {
    CheckpointPath found = CheckpointPath.of(path);
    DeviceState state = fullState(found.store(), found.store().read(found.newest()));
    report.println("State      from step %,d, %s".formatted(found.newest(), path));
    return new Point(state, updates(state), Optional.empty());
  }

  /// The step that the state itself says it is at.
  private long updates(DeviceState state) {
    Literal step = state.all().list().get(tensors.entries().size() - 1).toLiteral();
    return step.getLong(0);
  }
}
