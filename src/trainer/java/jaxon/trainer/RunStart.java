package jaxon.trainer;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.TensorReader;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.checkpoint.model.CheckpointModel;
import jaxon.checkpoint.model.StoredModel;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.config.CheckpointConfig;
import jaxon.config.Configuration;
import jaxon.config.Place;
import jaxon.graph.type.Literal;
import jaxon.layers.DTypes;
import jaxon.runtime.Buffer;
import jaxon.runtime.Buffers;

/// Where a run starts, looked for in MaxText's order: its own newest checkpoint that can be read,
/// `load_parameters_path`, `load_full_state_path`, new weights.
final class RunStart {
  /// A state to go on from.
  ///
  /// @param step updates done
  /// @param own what the run's own checkpoint says besides; empty if it is none of the run's own
  /// @param origin the Hugging Face repository that the parameters come from, if it is known
  /// @param isPersistent whether the checkpoint is in the run's directory
  record Point(
      DeviceState state,
      long step,
      Optional<Checkpoint.Facts> own,
      Optional<RepositoryOrigin> origin,
      boolean isPersistent) {
    /// A start that is no checkpoint of the run.
    static Point elsewhere(DeviceState state, long step, Optional<RepositoryOrigin> origin) {
      return new Point(state, step, Optional.empty(), origin, false);
    }
  }

  /// A checkpoint of the run.
  private record Candidate(int tier, long step) {}

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

  /// The start of a run whose own checkpoints are in `tiers`, if it has any.
  ///
  /// @throws CheckpointException if what it should start from cannot be used
  Point find(Optional<CheckpointTiers> tiers) {
    Point start = choose(tiers);
    // Reading takes longer on some, which the deadline of the first collective is not meant for.
    devices.all("state read", "", tensors.bytes());
    return start;
  }

  private Point choose(Optional<CheckpointTiers> tiers) {
    Optional<Point> own = tiers.flatMap(all -> newest(all.all()));
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
    DeviceState drawn = DeviceState.init(programs, compiled, devices.backend(), seed);
    return Point.elsewhere(drawn, 0, Optional.empty());
  }

  /// The newest checkpoint that all processes can read; damaged ones are set aside.
  private Optional<Point> newest(List<CheckpointTier> tiers) {
    for (Candidate candidate : candidates(tiers)) {
      CheckpointStore store = tiers.get(candidate.tier()).store();
      Optional<Point> point = Optional.empty();
      String failure = "";
      try {
        point = Optional.of(read(store, candidate.step(), candidate.tier() == 0));
      } catch (CheckpointException e) {
        if (e.kind() != CheckpointException.Kind.DAMAGED) {
          // Says nothing about the checkpoint, which may be read when the cause is gone.
          throw e;
        }
        failure = "" + e.getMessage();
      }
      Optional<String> reason =
          devices.all("checkpoint read", failure, tensors.bytes()).stream()
              .filter(text -> !text.isEmpty())
              .findFirst();
      if (reason.isEmpty()) {
        report.println(
            "Resuming   from step %,d, %s"
                .formatted(candidate.step(), store.place(candidate.step())));
        return point;
      }
      point.ifPresent(read -> read.state().close());
      setAside(store, candidate.step(), reason.get());
    }
    tiers.forEach(tier -> requireNoDamaged(tier.store()));
    return Optional.empty();
  }

  /// A run that has lost its checkpoints does not start anew unasked: neither now nor next time.
  private void requireNoDamaged(CheckpointStore store) {
    List<String> damaged = store.damaged();
    if (devices.any(!damaged.isEmpty())) {
      throw TrainingException.failure(
          "no checkpoint in %s can be read; set aside as damaged are %s. Put an intact copy of one there under its step's number, or choose another run_name, or remove what is set aside to start this run anew"
              .formatted(store.place(), String.join(", ", damaged)),
          null);
    }
  }

  /// The checkpoints there are, as the first process sees them, the newest first; of two of a step
  /// that of the tier that comes first.
  private List<Candidate> candidates(List<CheckpointTier> tiers) {
    List<Candidate> own = new ArrayList<>();
    if (devices.isLeader()) {
      for (int tier = 0; tier < tiers.size(); tier++) {
        for (long step : tiers.get(tier).store().steps()) {
          own.add(new Candidate(tier, step));
        }
      }
      own.sort(
          Comparator.comparingLong(Candidate::step).reversed().thenComparingInt(Candidate::tier));
    }
    String all =
        devices.leaders(
            "checkpoints",
            own.stream().map(one -> one.tier() + ":" + one.step()).collect(joining(",")));
    return all.isEmpty()
        ? List.of()
        : Arrays.stream(all.split(",", -1))
            .map(one -> one.split(":", -1))
            .map(one -> new Candidate(Integer.parseInt(one[0]), Long.parseLong(one[1])))
            .toList();
  }

  private void setAside(CheckpointStore store, long step, String reason) {
    if (devices.isLeader()) {
      Place place = store.setAside(step);
      report.println(
          "Warning: the checkpoint of step %,d is not used: %s. It is set aside as %s; looking for an earlier one"
              .formatted(step, reason, place.name()));
    }
    devices.leaders("set aside", "");
  }

  private Point read(CheckpointStore store, long step, boolean isPersistent) {
    Checkpoint checkpoint = store.read(step);
    Checkpoint.Facts facts = checkpoint.facts();
    Optional<RepositoryOrigin> origin = RepositoryOrigin.of(facts.configuration());
    return new Point(fullState(store, checkpoint), step, Optional.of(facts), origin, isPersistent);
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
  private Point parametersOf(Place path) {
    try (StoredModel model = model(path);
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
      return Point.elsewhere(state, 0, model.origin());
    }
  }

  /// The model of a path; of several checkpoints there the one that the first process chooses, as
  /// more may be added meanwhile.
  private StoredModel model(Place path) {
    String key = "load_parameters_path";
    if (devices.isLeader()) {
      StoredModel model = StoredModel.open(path);
      devices.leaders(
          key, model instanceof CheckpointModel one ? "" + one.checkpoint().step() : "");
      return model;
    }
    String step = devices.leaders(key, "");
    return StoredModel.open(
        step.isEmpty() ? path : CheckpointPath.of(path).store().place(Long.parseLong(step)));
  }

  /// All but the data's place from another run; from which step the first process says.
  private Point fullStateOf(Place path) {
    CheckpointPath found = CheckpointPath.of(path);
    long step = Long.parseLong(devices.leaders("load_full_state_path", "" + found.newest()));
    Checkpoint checkpoint = found.store().read(step);
    Optional<RepositoryOrigin> origin = RepositoryOrigin.of(checkpoint.facts().configuration());
    DeviceState state = fullState(found.store(), checkpoint);
    report.println("State      from step %,d, %s".formatted(step, path));
    return Point.elsewhere(state, updates(state), origin);
  }

  /// The step that the state itself says it is at.
  private long updates(DeviceState state) {
    Literal step = state.all().list().get(tensors.entries().size() - 1).toLiteral();
    return step.getLong(0);
  }
}
