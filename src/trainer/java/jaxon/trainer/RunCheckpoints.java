package jaxon.trainer;

import java.lang.System.Logger.Level;
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
import jaxon.config.CheckpointConfig;
import jaxon.config.Configuration;
import jaxon.input.IteratorState;
import jaxon.trainer.metrics.MetricSink;

/// Saves a run: every so many steps and at its end.
///
/// With `async_checkpointing` a step waits until the state is copied; the copy is written on a
/// thread of its own, and the next save waits for that. A write that failed fails the run there, or
/// at an earlier step that finds it done.
final class RunCheckpoints implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RunCheckpoints.class.getName());
  private static final long NONE = -1;

  private final Configuration config;
  private final CheckpointConfig keys;
  private final RunDevices devices;
  private final StateTensors tensors;
  private final CheckpointStore store;
  private final SequencedMap<String, Double> metrics = new LinkedHashMap<>();
  private final Snapshot snapshot = new Snapshot();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("jaxon-checkpoint").daemon().factory());
  private Optional<Future<?>> pending = Optional.empty();
  private long saved = NONE;

  private RunCheckpoints(
      Configuration config, RunDevices devices, StateTensors tensors, CheckpointStore store) {
    this.config = config;
    this.keys = config.checkpoint();
    this.devices = devices;
    this.tensors = tensors;
    this.store = store;
  }

  /// Opens the checkpoints of a run, whose lock the leader has, and removes what a killed process
  /// has left; empty if it is to have none.
  static Optional<RunCheckpoints> open(
      Configuration config, RunDirectory directory, RunDevices devices, TrainPrograms programs) {
    if (!config.checkpoint().enableCheckpointing()) {
      return Optional.empty();
    }
    CheckpointStore store = new CheckpointStore(directory.checkpoints());
    if (devices.isLeader()) {
      store.clean();
    }
    devices.leaders("checkpoints open", "");
    if (!store.directory().toFile().isDirectory()) {
      throw TrainingException.usage(
          "this process does not see %s, which process 0 has made: put base_output_directory on a file system that all share, or set enable_checkpointing=false"
              .formatted(store.directory()));
    }
    return Optional.of(new RunCheckpoints(config, devices, StateTensors.of(programs), store));
  }

  CheckpointStore store() {
    return store;
  }

  /// The run goes on from its own checkpoint of `step`, which is not to be saved again.
  void startAt(long step) {
    saved = step;
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
    if (step % keys.checkpointPeriod() == 0) {
      save(step, state, input, sink, keys.asyncCheckpointing());
    }
  }

  /// Saves the end of a run, whole when this returns, unless it is saved already.
  void finish(long step, DeviceState state, IteratorState input, MetricSink sink) {
    settle();
    if (saved != step) {
      save(step, state, input, sink, false);
    }
  }

  private void save(
      long step, DeviceState state, IteratorState input, MetricSink sink, boolean isAsync) {
    settle();
    List<TensorBlock> blocks = tensors.blocks(state.all());
    Checkpoint.Facts facts = CheckpointFacts.of(config, devices.mesh(), input, metrics);
    if (isAsync) {
      List<TensorBlock> copies = snapshot.take(blocks);
      pending = Optional.of(writer.submit(() -> write(step, facts, copies, sink)));
    } else {
      write(step, facts, blocks, sink);
    }
    saved = step;
  }

  /// Writes this process's part; the first process makes the parts a checkpoint when all are there.
  private void write(long step, Checkpoint.Facts facts, List<TensorBlock> blocks, MetricSink sink) {
    int process = config.cluster().processId();
    int processes = config.cluster().numProcesses();
    try {
      if (devices.isLeader()) {
        store.prepare(step);
      }
      devices.leaders("checkpoint prepared", "");
      Checkpoint part =
          store.writePart(step, process, processes, keys.checkpointCompression(), blocks);
      if (processes > 1) {
        store.storePart(part, process);
      }
      devices.leaders("checkpoint written", "");
      if (devices.isLeader()) {
        List<Checkpoint> parts = processes > 1 ? store.storedParts(step, processes) : List.of(part);
        // A run that goes on from here must find the metrics of all steps before.
        sink.flush();
        store.commit(step, facts, tensors.paths(), parts);
      }
    } catch (RuntimeException | Error e) {
      if (devices.isLeader()) {
        store.abandon(step);
      }
      throw e;
    }
    if (devices.isLeader() && keys.maxNumCheckpointsToKeep() > 0) {
      removeOld(keys.maxNumCheckpointsToKeep());
    }
  }

  /// Removes all but the newest; what cannot be removed is tried again after the next save.
  private void removeOld(int keep) {
    try {
      List<Long> steps = store.steps();
      steps.subList(0, Math.max(0, steps.size() - keep)).forEach(store::delete);
    } catch (CheckpointException e) {
      LOG.log(Level.WARNING, "older checkpoints stay: {0}", e.getMessage());
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
              .formatted(saved, e.getCause() == null ? e : e.getCause().getMessage()),
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
