package jaxon.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.config.Configuration;
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
import jaxon.runtime.Buffers;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.Placement;
import jaxon.runtime.host.UserCache;
import jaxon.sharding.ShardingException;
import jaxon.trainer.optim.Optimizer;
import jaxon.trainer.optim.Schedule;

/// The programs of a run, traced from its configuration: initialisation, training step, evaluation,
/// next token.
///
/// @param init key `ui32[2]` to the first state
/// @param step state and batch to state and metrics
/// @param eval parameters and batch to `f32[2]`: sum of losses, number of counted tokens
/// @param placement how the programs' inputs and results are cut over the devices
/// @param update what `step` was traced from
/// @param order in which step and evaluation take the tokens of a sequence
record TrainPrograms(
    Program<Array, TrainState<CausalLm>> init,
    Program<TrainStep.Input<CausalLm>, TrainStep.Result<CausalLm>> step,
    Program<EvalInput, Array> eval,
    StatePlacement placement,
    TrainStep update,
    TokenOrder order) {
  /// What the evaluation program takes.
  record EvalInput(CausalLm params, TrainBatch batch) {}

  static TrainPrograms trace(Configuration config) {
    return trace(config, RunMesh.of(config));
  }

  /// Traces the programs of a run on `mesh`.
  static TrainPrograms trace(Configuration config, RunMesh mesh) {
    SequenceSharing sharing = SequenceSharing.of(config, mesh.mesh());
    LanguageModelLoss loss =
        new LanguageModelLoss(
            new CrossEntropy(config.model().zLossMultiplier()),
            config.model().numVocabTiling(),
            sharing.order());
    InitializedModel model = Models.init(config, sharing.attention());
    long length = config.data().maxTargetLength();
    TrainBatch batch = TrainBatch.template(config.sequencesPerUpdate(), length);
    DType dtype = DTypes.of(config.run().dtype());
    ComputeCopies copies =
        ComputeCopies.of(model.program().outputTemplate(), batch, loss::apply, dtype);
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
            copies);
    Array key = Array.placeholder(TensorType.of(DType.UI32, 2));
    Program<Array, TrainState<CausalLm>> init =
        Program.trace("init", key, k -> step.init(model.program().call(k)));
    TrainState<CausalLm> state = init.outputTemplate();
    TrainBatch evalBatch = TrainBatch.template(config.sequencesPerEvaluation(), length);
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
            }),
        StatePlacement.of(mesh, model.axes(), state, copies.has()),
        step,
        sharing.order());
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
      done.add(backend.compile(init.graph(), options.placed(placement.init(init.graph()))));
      done.add(
          backend.compile(
              step.graph(), options.placed(placement.step(step.graph())).donateFirst(stateSize())));
      if (config.eval().evalInterval() > 0) {
        done.add(backend.compile(eval.graph(), options.placed(placement.eval(eval.graph()))));
      }
    } catch (ShardingException e) {
      done.forEach(Executable::close);
      throw TrainingException.usage(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      done.forEach(Executable::close);
      throw e;
    }
    return new Compiled(done.get(0), done.get(1), done.stream().skip(2).findFirst());
  }

  /// What a state has besides its parameters.
  record Rest(List<CausalLm> moments, Array step, List<Array> copies) {}

  /// What the state of a first step adds to given parameters; copies included.
  Buffers restOf(Buffers params, Backend backend, Configuration config) {
    return derive(
        Program.trace(
            "rest_of_state",
            paramsTemplate(),
            p -> {
              TrainState<CausalLm> state = update.init(p);
              return new Rest(state.moments(), state.step(), state.copies());
            }),
        params,
        backend,
        config);
  }

  /// The copies that a state with these parameters has.
  Buffers copiesOf(Buffers params, Backend backend, Configuration config) {
    if (init.outputTemplate().copies().isEmpty()) {
      return Buffers.none();
    }
    return derive(
        Program.trace("compute_copies", paramsTemplate(), update.copies()::take),
        params,
        backend,
        config);
  }

  /// Runs a program from the parameters to the last leaves of the state.
  private Buffers derive(
      Program<CausalLm, ?> program, Buffers params, Backend backend, Configuration config) {
    int results = program.graph().outputs().size();
    Placement cut =
        new Placement(
            placement.params(), placement.state().subList(stateSize() - results, stateSize()));
    try (Executable executable = backend.compile(program.graph(), options(config).placed(cut))) {
      return params.execute(executable, Buffers.none());
    }
  }

  static CompileOptions options(Configuration config) {
    Path cache = config.run().jaxCacheDir().orElseGet(() -> UserCache.folder("compiled"));
    return CompileOptions.of(config.run().dumpTo(), Optional.of(cache));
  }

  /// A template of the parameters, for further programs on them.
  CausalLm paramsTemplate() {
    return init.outputTemplate().params();
  }
}
