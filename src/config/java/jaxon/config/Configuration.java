package jaxon.config;

/// Everything a run is told, checked; made by [ConfigLoader].
///
/// The sections group keys for Java only: YAML is flat.
public record Configuration(
    RunConfig run,
    ClusterConfig cluster,
    ModelConfig model,
    AttentionConfig attention,
    RopeConfig rope,
    RematConfig remat,
    MeshConfig mesh,
    DataConfig data,
    TokenizerConfig tokenizer,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    EvalConfig eval,
    CheckpointConfig checkpoint,
    MetricsConfig metrics,
    ProfilerConfig profiler) {

  /// Threads to compute with: `num_threads`, or one per core when that is 0.
  public int threads() {
    int threads = run.numThreads();
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  /// Type of the optimizer's running mean of gradients: `mu_dtype`, or `weight_dtype` when that is
  /// empty.
  public FloatType muDtype() {
    return optimizer.muDtype().orElse(run.weightDtype());
  }

  /// Length of the learning-rate schedule in steps: `learning_rate_schedule_steps`, or `steps` when
  /// that is -1.
  public int scheduleSteps() {
    int steps = schedule.learningRateScheduleSteps();
    return steps == -1 ? run.steps() : steps;
  }

  /// Devices of the mesh.
  public int devices() {
    return Math.multiplyExact(mesh.numVirtualDevices(), cluster.numProcesses());
  }

  /// Sequences that one update takes: `per_device_batch_size` for each device and accumulation
  /// step, as in MaxText.
  public int sequencesPerUpdate() {
    int each = sequences(data.perDeviceBatchSize());
    return Math.multiplyExact(each, optimizer.gradientAccumulationSteps());
  }

  /// Sequences in one evaluation batch.
  public int sequencesPerEvaluation() {
    return sequences(data.evalBatchSize());
  }

  /// Sequences for all devices, which are whole ones in a configuration that was checked.
  private int sequences(double perDevice) {
    return Math.toIntExact(Math.round(perDevice * devices()));
  }
}
