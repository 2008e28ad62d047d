package jaxon.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.TensorBlock;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.input.IteratorState;
import jaxon.layers.DTypes;
import jaxon.trainer.metrics.MetricSink;

/// Saves a run: every so many steps, in the places that are due, and at its end.
///
/// With `async_checkpointing` a step waits until the state is copied; the copy is written on a
/// thread of its own, and the next save waits for that. A write that failed fails the run there, or
/// at an earlier step that finds it done.
final class RunCheckpoints implements AutoCloseable {
  private static final long NONE = -1;

  private final Configuration config;
  private final RunDevices devices;
  private final StateTensors tensors;
  private final CheckpointTiers tiers;
  private final long bytes;
  private final SequencedMap<String, Double> metrics = new LinkedHashMap<>();
  private final Snapshot snapshot = new Snapshot();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("jaxon-checkpoint").daemon().factory());
  private Optional<RepositoryOrigin> origin = Optional.empty();
  private Optional<Future<?>> pending = Optional.empty();
  private long pendingStep = NONE;
  private long persistentStep = NONE;

  private RunCheckpoints(
      Configuration config, RunDevices devices, StateTensors tensors, CheckpointTiers tiers) {
    this.config = config;
    this.devices = devices;
    this.tensors = tensors;
    this.tiers = tiers;
    this.bytes = tensors.bytes();
  }

  /// Opens the checkpoints of a run, whose lock the leader has, and removes what a killed process
  /// has left; empty if it is to have none.
  static Optional<RunCheckpoints> open(
      Configuration config, RunDirectory directory, RunDevices devices, TrainPrograms programs) {
    if (!config.checkpoint().enableCheckpointing()) {
      return Optional.empty();
    }
    CheckpointTiers tiers = CheckpointTiers.of(config, directory);
    if (devices.isLeader()) {
      tiers.local().ifPresent(tier -> tier.store().create());
      tiers.all().forEach(tier -> tier.store().claim());
      tiers.all().forEach(tier -> tier.store().clean());
    }
    devices.leaders("checkpoints open", "");
    requireSeen(tiers);
    return Optional.of(new RunCheckpoints(config, devices, StateTensors.of(programs), tiers));
  }

  /// All processes must see the places that the first has made.
  private static void requireSeen(CheckpointTiers tiers) {
    for (CheckpointTier tier : tiers.all()) {
      CheckpointStore store = tier.store();
      if (store.place().local().isEmpty()) {
        // An object store has no directories to be seen; whether it can be reached shows.
        store.create();
      } else if (!store.isThere()) {
        boolean isPersistent = tier == tiers.persistent();
        throw TrainingException.usage(
            "this process does not see %s, which process 0 has made: put %s on a file system that all share, or set %s=false"
                .formatted(
                    store.place(),
                    isPersistent
                        ? "base_output_directory or checkpoint_directory"
                        : "local_checkpoint_directory",
                    isPersistent ? "enable_checkpointing" : "enable_emergency_checkpoint"));
      }
    }
  }

  CheckpointTiers tiers() {
    return tiers;
  }

  /// Where the run goes on; a checkpoint of its own is not to be saved again in the same place.
  ///
  /// @param last the values of the metrics there
  void startAt(RunStart.Point start, SequencedMap<String, Double> last) {
    if (start.isPersistent()) {
      persistentStep = start.step();
    }
    // Saved are parameters of the run's own type, whichever they had there.
    DType saved = DTypes.of(config.run().weightDtype());
    origin = start.origin().map(repository -> repository.withDType(saved));
    metrics.putAll(last);
  }

  /// The values of the last evaluation are old: the step that ends has missed its own.
  void missEvaluation() {
    metrics.sequencedKeySet().removeAll(Evaluator.METRICS);
  }

  /// Saves after `step` updates, if it is time to.
  ///
  /// @param latest the metrics of the last step
  /// @throws TrainingException if the checkpoint before could not be written
  void after(
      long step,
      DeviceState state,
      IteratorState input,
      SequencedMap<String, Double> latest,
      MetricSink sink) {
    metrics.putAll(latest);
    if (pending.isPresent() && pending.get().isDone()) {
      settle();
    }
    tiers
        .due(step)
        .ifPresent(
            tier -> save(tier, step, state, input, sink, config.checkpoint().asyncCheckpointing()));
  }

  /// Saves the end of a run in its own directory, whole when this returns, unless it is there
  /// already.
  void finish(long step, DeviceState state, IteratorState input, MetricSink sink) {
    settle();
    if (persistentStep != step) {
      save(tiers.persistent(), step, state, input, sink, false);
    }
  }

  private void save(
      CheckpointTier tier,
      long step,
      DeviceState state,
      IteratorState input,
      MetricSink sink,
      boolean isAsync) {
    settle();
    List<TensorBlock> blocks = tensors.blocks(state.all());
    Checkpoint.Facts facts = CheckpointFacts.of(config, devices.mesh(), origin, input, metrics);
    if (isAsync) {
      List<TensorBlock> copies = snapshot.take(blocks);
      pending = Optional.of(writer.submit(() -> write(tier, step, facts, copies, sink)));
    } else {
      write(tier, step, facts, blocks, sink);
    }
    pendingStep = step;
    if (tier == tiers.persistent()) {
      persistentStep = step;
    }
  }

  /// Writes this process's part; the first process makes the parts a checkpoint when all are there.
  private void write(
      CheckpointTier tier,
      long step,
      Checkpoint.Facts facts,
      List<TensorBlock> blocks,
      MetricSink sink) {
    CheckpointStore store = tier.store();
    try {
      together(
          "checkpoint prepared",
          () -> {
            if (devices.isLeader()) {
              store.prepare(step);
            }
          });
      List<Checkpoint> parts = new ArrayList<>();
      together("checkpoint written", () -> parts.add(writePart(store, step, blocks)));
      if (devices.isLeader()) {
        // A run that goes on from here must find the metrics of all steps before.
        sink.flush();
        int processes = config.cluster().numProcesses();
        tier.prune(
            store.commit(
                step,
                facts,
                tensors.paths(),
                processes > 1 ? store.storedParts(step, processes) : parts));
      }
    } catch (RuntimeException | Error e) {
      if (devices.isLeader()) {
        store.abandon(step);
      }
      throw e;
    }
  }

  private Checkpoint writePart(CheckpointStore store, long step, List<TensorBlock> blocks) {
    int process = config.cluster().processId();
    int processes = config.cluster().numProcesses();
    Checkpoint part =
        store.writePart(
            step, process, processes, config.checkpoint().checkpointCompression(), blocks);
    if (processes > 1) {
      store.storePart(part, process);
    }
    return part;
  }

  /// Does this process's share of the work and waits for the others'; what fails on one fails on
  /// all, with its reason.
  private void together(String work, Runnable own) {
    Optional<RuntimeException> failure = Optional.empty();
    try {
      own.run();
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
    List<String> failures;
    try {
      failures = devices.all(work, failure.map(e -> "" + e.getMessage()).orElse(""), bytes);
    } catch (RuntimeException e) {
      throw failure.orElse(e);
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    for (int process = 0; process < failures.size(); process++) {
      if (!failures.get(process).isEmpty()) {
        throw TrainingException.failure(
            "process %d: %s".formatted(process, failures.get(process)), null);
      }
    }
  }

  /// Waits for the checkpoint that is being written.
  ///
  /// @throws CheckpointException if it could not be
  void settle() {
    if (pending.isEmpty()) {
      return;
    }
    Future<?> write = pending.get();
    pending = Optional.empty();
    try {
      write.get();
    } catch (ExecutionException e) {
      throw TrainingException.failure(
          "the checkpoint of step %,d was not saved: %s"
              .formatted(pendingStep, e.getCause() == null ? e : e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TrainingException.failure("interrupted while a checkpoint was written", e);
    }
  }

  /// Lets what is being written come to its end, good or bad.
  @Override
  public void close() {
    writer.close();
    snapshot.close();
  }
}
