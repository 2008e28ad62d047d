package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jaxon.config.Configuration;
import jaxon.graph.Graph;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.Literal;
import jaxon.input.Batch;
import jaxon.input.BatchIterator;
import jaxon.input.InputPipeline;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffers;
import jaxon.runtime.Executable;
import jaxon.runtime.OpenResources;
import jaxon.runtime.Placement;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.sharding.PartitionSpec;
import jaxon.trainer.metrics.CompositeSink;

/// A training run in the hands of a caller, who asks for each step: for measuring.
///
/// It does what [Trainer] does between two steps and nothing else: no files, no evaluation, no
/// progress. The first step is in nothing different from the later ones.
public final class TrainingSession implements AutoCloseable {
  private final Configuration config;
  private final OpenResources open = new OpenResources();
  private final Backend backend;
  private final TrainPrograms programs;
  private final TrainPrograms.Compiled compiled;
  private final BatchIterator batches;
  private final MemoryForecast memory;
  private final DeviceState state;

  private TrainingSession(
      Configuration config, RunMesh mesh, Supplier<Backend> devices, Consumer<String> out) {
    this.config = config;
    try {
      InputPipeline input = open.own(InputPipeline.open(InputOptions.of(config)));
      backend = open.own(devices.get());
      programs = TrainPrograms.trace(config, mesh);
      compiled = open.own(programs.compile(backend, config));
      memory = MemoryForecast.of(programs, compiled);
      memory.announce(out);
      batches = open.own(input.trainIterator());
      state =
          open.own(DeviceState.init(programs, compiled, backend, config.run().initWeightsSeed()));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// Opens data and backend, compiles, and draws the initial state.
  ///
  /// @param out takes lines that say how much memory the run will need
  /// @throws TrainingException if the run cannot start
  public static TrainingSession open(Configuration config, Consumer<String> out) {
    RunMesh mesh = RunMesh.of(config);
    return new TrainingSession(config, mesh, () -> mesh.open(config), out);
  }

  /// The same for one process of a mesh, whose devices reach the others by `links`.
  static TrainingSession open(Configuration config, RunMesh mesh, DeviceLinks links) {
    return new TrainingSession(config, mesh, () -> mesh.open(config, links), _ -> {});
  }

  /// The same in silence.
  ///
  /// @throws TrainingException if the run cannot start
  public static TrainingSession open(Configuration config) {
    return open(config, _ -> {});
  }

  /// Trains on the next batch and gives the step's metrics, which are on the host when this
  /// returns.
  ///
  /// @throws TrainingException if the data has ended
  public SequencedMap<String, Double> step() {
    if (!batches.hasNext()) {
      throw TrainingException.usage(
          "the training data ended (num_epoch); dataset_type=synthetic has no end");
    }
    Batch batch = batches.next();
    return state.update(backend, TrainBatch.values(batch, programs.order()));
  }

  /// The run's checkpoints, as [Trainer] has them, in a directory that is there already.
  RunCheckpoints checkpoints(RunDirectory directory) {
    RunDevices devices = RunDevices.of(backend, programs.placement().mesh());
    return RunCheckpoints.open(config, directory, devices, programs).orElseThrow();
  }

  /// Saves what [#step] has left after `steps` of them, if the configuration says so.
  void save(RunCheckpoints checkpoints, long steps, SequencedMap<String, Double> metrics) {
    checkpoints.after(steps, state, batches.state(), metrics, new CompositeSink(List.of()));
  }

  /// The present parameters on the host by path, for example `layers.stacked.mlp.wo.kernel`; whole,
  /// so all processes of a mesh must ask at the same point.
  public SequencedMap<String, Literal> params() {
    RunMesh mesh = programs.placement().mesh();
    return mesh.localDevices() == mesh.mesh().devices() ? byPath(state.params()) : gathered();
  }

  private SequencedMap<String, Literal> gathered() {
    Graph graph = Program.trace("whole", programs.paramsTemplate(), params -> params).graph();
    Placement whole =
        new Placement(
            programs.placement().params(), PartitionSpec.replicated(graph.type().outputs()));
    try (Executable gather = backend.compile(graph, TrainPrograms.options(config).placed(whole));
        Buffers all = state.params().execute(gather, Buffers.none())) {
      return byPath(all);
    }
  }

  private SequencedMap<String, Literal> byPath(Buffers params) {
    List<String> paths = Tree.paths(programs.paramsTemplate());
    SequencedMap<String, Literal> byPath = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      byPath.put(paths.get(i), params.list().get(i).toLiteral());
    }
    return byPath;
  }

  /// The backend, open as long as the session is.
  public Backend backend() {
    return backend;
  }

  /// Number of parameters.
  public long parameterCount() {
    return programs.parameterCount();
  }

  /// How much a step is.
  public ModelWork work() {
    return ModelWork.of(config);
  }

  /// What the run holds in memory by the compiler's plans.
  public MemoryForecast memory() {
    return memory;
  }

  @Override
  public void close() {
    open.close();
  }
}
