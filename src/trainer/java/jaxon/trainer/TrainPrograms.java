package jaxon.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.config.MeshConfig;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.layers.CrossEntropy;
import jaxon.layers.DTypes;
import jaxon.layers.models.InitializedModel;
import jaxon.layers.models.Models;
import jaxon.runtime.Backend;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.host.UserCache;
import jaxon.trainer.optim.Optimizer;
import jaxon.trainer.optim.Schedule;

/// The programs of a run, traced from its configuration: initialisation, training step, evaluation,
/// next token.
///
/// @param init key `ui32[2]` to the first state
/// @param step state and batch to state and metrics
/// @param eval parameters and batch to `f32[2]`: sum of losses, number of counted tokens
record TrainPrograms(
    Program<Array, TrainState<CausalLm>> init,
    Program<TrainStep.Input<CausalLm>, TrainStep.Result<CausalLm>> step,
    Program<EvalInput, Array> eval) {
  /// What the evaluation program takes.
  record EvalInput(CausalLm params, TrainBatch batch) {}

  static TrainPrograms trace(Configuration config) {
    requireOneDevice(config);
    LanguageModelLoss loss =
        new LanguageModelLoss(
            new CrossEntropy(config.model().zLossMultiplier()), config.model().numVocabTiling());
    InitializedModel model = Models.init(config);
    long length = config.data().maxTargetLength();
    TrainBatch batch = TrainBatch.template(config.sequencesPerUpdate(), length);
    DType dtype = DTypes.of(config.run().dtype());
    TrainStep step =
        new TrainStep(
            loss,
            new GradientAccumulation(
                config.optimizer().gradientAccumulationSteps(),
                DTypes.of(config.run().gradDtype()),
                DTypes.precise(dtype)),
            config.optimizer().gradientClippingThreshold(),
            Schedule.of(config),
            Optimizer.of(config),
            ComputeCopies.of(model.program().outputTemplate(), batch, loss::apply, dtype));
    Array key = Array.placeholder(TensorType.of(DType.UI32, 2));
    Program<Array, TrainState<CausalLm>> init =
        Program.trace("init", key, k -> step.init(model.program().call(k)));
    TrainState<CausalLm> state = init.outputTemplate();
    TrainBatch evalBatch = TrainBatch.template(config.data().evalBatchSize(), length);
    return new TrainPrograms(
        init,
        Program.trace("train_step", new TrainStep.Input<>(state, batch), step::apply),
        Program.trace(
            "eval_step",
            new EvalInput(state.params(), evalBatch),
            input -> {
              LossSums sums = loss.apply(input.params(), input.batch());
              return Ops.stack(
                  List.of(sums.total().astype(DType.F32), sums.weights().astype(DType.F32)));
            }));
  }

  /// Meshes can be described and programs partitioned for them, but no backend runs those yet.
  private static void requireOneDevice(Configuration config) {
    MeshConfig mesh = config.mesh();
    boolean several =
        mesh.numVirtualDevices() > 1
            || Stream.of(mesh.ici(), mesh.dcn())
                .flatMap(sizes -> sizes.values().stream())
                .anyMatch(size -> size > 1);
    if (several) {
      throw TrainingException.usage(
          "the configuration asks for a mesh of several devices, which Jaxon does not train on yet."
              + " Remove num_virtual_devices and the ici_ and dcn_ sizes above 1.");
    }
  }

  /// Number of buffers of the training state.
  int stateSize() {
    return Tree.leaves(init.outputTemplate()).size();
  }

  /// Number of buffers of the parameters, which come first in the state.
  int paramsSize() {
    return Tree.leaves(init.outputTemplate().params()).size();
  }

  /// Number of parameters.
  long parameterCount() {
    return Tree.leaves(init.outputTemplate().params()).stream()
        .mapToLong(leaf -> leaf.shape().elements())
        .sum();
  }

  /// The programs of a run, compiled for one backend.
  ///
  /// @param eval present if the run evaluates
  record Compiled(Executable init, Executable step, Optional<Executable> eval)
      implements AutoCloseable {
    @Override
    public void close() {
      init.close();
      step.close();
      eval.ifPresent(Executable::close);
    }
  }

  /// Compiles the programs; the step takes over the buffers of the state.
  Compiled compile(Backend backend, Configuration config) {
    CompileOptions options = options(config);
    List<Executable> done = new ArrayList<>();
    try {
      done.add(backend.compile(init.graph(), options));
      done.add(backend.compile(step.graph(), options.donateFirst(stateSize())));
      if (config.eval().evalInterval() > 0) {
        done.add(backend.compile(eval.graph(), options));
      }
    } catch (RuntimeException | Error e) {
      done.forEach(Executable::close);
      throw e;
    }
    return new Compiled(done.get(0), done.get(1), done.stream().skip(2).findFirst());
  }

  static CompileOptions options(Configuration config) {
    Path cache = config.run().jaxCacheDir().orElseGet(() -> UserCache.folder("compiled"));
    return new CompileOptions(new TreeSet<>(), config.run().dumpTo(), Optional.of(cache));
  }

  /// A template of the parameters, for further programs on them.
  CausalLm paramsTemplate() {
    return init.outputTemplate().params();
  }
}
