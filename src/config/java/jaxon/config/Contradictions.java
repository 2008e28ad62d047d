package jaxon.config;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Checks keys that are right each by itself but not together.
final class Contradictions {

  private static final int BYTE_TOKENS = 259;
  private static final String BATCH_ADVICE =
      "Choose a size that makes whole sequences with the devices, for example 1.";
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._-]+:[0-9]{1,5}");

  private final Configuration config;
  private final Layers layers;
  private final TypedValues typed;
  private final Problems problems;

  Contradictions(Configuration config, Layers layers, TypedValues typed, Problems problems) {
    this.config = config;
    this.layers = layers;
    this.typed = typed;
    this.problems = problems;
  }

  void check() {
    checkProcesses();
    checkModel();
    checkRope();
    checkData();
    checkBatch();
    checkTokenizer();
    checkSchedule();
    checkEvaluation();
    checkSampling();
    checkStart();
    checkCheckpoints();
  }

  private void checkCheckpoints() {
    CheckpointConfig keys = config.checkpoint();
    boolean keepsMore =
        keys.keepCheckpointsEvery() > 0
            || keys.keepCheckpointsBest() > 0
            || keys.keepCheckpointsHours() > 0;
    refuseIf(
        keepsMore && keys.maxNumCheckpointsToKeep() < 0,
        "all checkpoints are kept already",
        "Set max_num_checkpoints_to_keep to 3, for example, or leave the others out.",
        "max_num_checkpoints_to_keep",
        "keep_checkpoints_every",
        "keep_checkpoints_best",
        "keep_checkpoints_hours");
    boolean isLocal = keys.enableEmergencyCheckpoint();
    refuseIf(
        isLocal && !keys.enableCheckpointing(),
        "local checkpoints are in addition to others",
        "Set enable_checkpointing=true.",
        "enable_emergency_checkpoint",
        "enable_checkpointing");
    refuseIf(
        isLocal && keys.localCheckpointDirectory().isEmpty(),
        "there is no directory for local checkpoints",
        "Set local_checkpoint_directory to a directory on a fast disk.",
        "enable_emergency_checkpoint",
        "local_checkpoint_directory");
    refuseIf(
        isLocal && keys.localCheckpointPeriod() == 0,
        "there would be no local checkpoint",
        "Set local_checkpoint_period to less than checkpoint_period.",
        "enable_emergency_checkpoint",
        "local_checkpoint_period");
  }

  private void checkStart() {
    refuseIf(
        config.checkpoint().loadParametersPath().isPresent()
            && config.checkpoint().loadFullStatePath().isPresent(),
        "a run starts from one of them",
        "Leave one out.",
        "load_parameters_path",
        "load_full_state_path");
  }

  private void checkProcesses() {
    ClusterConfig cluster = config.cluster();
    refuseIf(
        cluster.coordinator().isEmpty() && cluster.numProcesses() > 1,
        "several processes need to know where process 0 listens",
        "Set coordinator to HOST:PORT, or start the processes with bin/jaxon launch.",
        "coordinator",
        "num_processes");
    refuseIf(
        !cluster.coordinator().isEmpty() && !ADDRESS.matcher(cluster.coordinator()).matches(),
        "that is no address",
        "Write HOST:PORT, for example 10.0.0.1:29500.",
        "coordinator");
    refuseIf(
        cluster.processId() >= cluster.numProcesses(),
        "processes are numbered 0 to " + (cluster.numProcesses() - 1),
        "",
        "process_id",
        "num_processes");
  }

  private void checkModel() {
    ModelConfig model = config.model();
    refuseIf(
        model.baseNumQueryHeads() % model.baseNumKvHeads() != 0,
        "each key and value head must serve the same number of query heads",
        "Make base_num_query_heads a multiple of base_num_kv_heads.",
        "base_num_query_heads",
        "base_num_kv_heads");
    refuseIf(
        Integer.bitCount(model.globalParameterScale()) != 1,
        "the scale must be a power of two",
        "For sizes in between, set the base_ keys.",
        "global_parameter_scale");
    refuseIf(
        model.headDim() % 2 != 0,
        "rotary positions turn pairs of dims, so the number of dims must be even",
        "Use " + (model.headDim() + 1) + ", for example.",
        "head_dim");
  }

  private void checkRope() {
    RopeConfig rope = config.rope();
    refuseIf(
        rope.ropeMinTimescale() > rope.ropeMaxTimescale(),
        "the shortest timescale is longer than the longest",
        "",
        "rope_min_timescale",
        "rope_max_timescale");
    refuseIf(
        rope.ropeType() == RopeType.LLAMA3_1
            && rope.ropeLowFreqFactor() >= rope.ropeHighFreqFactor(),
        "the low-frequency bound must be below the high-frequency bound",
        "Llama 3.1 has 1 and 4.",
        "rope_low_freq_factor",
        "rope_high_freq_factor");
  }

  private void checkData() {
    refuseIf(
        hasColumns(config.data().datasetType()) && config.data().trainDataColumns().size() != 1,
        "the text is in one column",
        "Name one column, for example [text].",
        "dataset_type",
        "train_data_columns");
    DataConfig data = config.data();
    refuseIf(
        data.datasetType() != DatasetType.SYNTHETIC && data.datasetPath().isEmpty(),
        "this kind of data set is read from dataset_path, which is empty",
        "Set dataset_path to a file or directory, or dataset_type to synthetic.",
        "dataset_type",
        "dataset_path");
  }

  /// A fraction of a sequence for each device must make whole ones for all.
  private void checkBatch() {
    refuseIf(
        !isWhole(config.data().perDeviceBatchSize() * config.devices()),
        batch(config.data().perDeviceBatchSize()),
        BATCH_ADVICE,
        "per_device_batch_size",
        "num_virtual_devices",
        "num_processes");
    refuseIf(
        config.data().evalPerDeviceBatchSize() != 0
            && !isWhole(config.data().evalPerDeviceBatchSize() * config.devices()),
        batch(config.data().evalPerDeviceBatchSize()),
        BATCH_ADVICE,
        "eval_per_device_batch_size",
        "num_virtual_devices",
        "num_processes");
  }

  private String batch(double perDevice) {
    return "%d devices make %s sequences, which is no whole number"
        .formatted(config.devices(), YamlText.of(perDevice * config.devices()));
  }

  /// But for the rounding of fractions such as a third.
  private static boolean isWhole(double sequences) {
    return Math.round(sequences) >= 1
        && Math.abs(sequences - Math.round(sequences)) < 1e-4 * sequences;
  }

  private static boolean hasColumns(DatasetType type) {
    return type == DatasetType.JSONL || type == DatasetType.PARQUET;
  }

  private void checkTokenizer() {
    TokenizerConfig tokenizer = config.tokenizer();
    refuseIf(
        tokenizer.tokenizerType() == TokenizerType.HUGGINGFACE
            && tokenizer.tokenizerPath().isEmpty(),
        "a Hugging Face tokenizer is read from tokenizer_path, which is empty",
        "Set tokenizer_path to a tokenizer.json.",
        "tokenizer_type",
        "tokenizer_path");
    refuseIf(
        config.data().datasetType() != DatasetType.SYNTHETIC
            && tokenizer.tokenizerType() == TokenizerType.BYTE
            && config.model().vocabSize() < BYTE_TOKENS,
        "the byte tokenizer has " + BYTE_TOKENS + " tokens, more than the vocabulary",
        "Set vocab_size to at least " + BYTE_TOKENS + ".",
        "tokenizer_type",
        "vocab_size");
  }

  private void checkSchedule() {
    ScheduleConfig schedule = config.schedule();
    double sum = schedule.warmupStepsFraction() + schedule.wsdDecayStepsFraction();
    refuseIf(
        schedule.lrScheduleType() == LrScheduleType.WSD && sum > 1,
        "warm-up and decay together are longer than the schedule",
        "The two fractions may add up to 1 at most.",
        "warmup_steps_fraction",
        "wsd_decay_steps_fraction");
  }

  private void checkEvaluation() {
    EvalConfig eval = config.eval();
    boolean evaluates = eval.evalInterval() > 0;
    refuseIf(
        evaluates && !config.data().hasEvalData(),
        "there is no data to evaluate on",
        "Set eval_dataset_path, or eval_split_fraction to 0.05, for example, or eval_interval to -1.",
        "eval_interval",
        "eval_dataset_path",
        "eval_split_fraction");
    refuseIf(
        evaluates && config.data().datasetType() == DatasetType.SYNTHETIC && eval.evalSteps() == -1,
        "synthetic data never ends, so an evaluation of all of it would not either",
        "Set eval_steps.",
        "eval_steps",
        "dataset_type");
    refuseIf(
        eval.targetEvalLoss() > 0 && !evaluates,
        "the run shall stop at an evaluation loss but is never evaluated",
        "Set eval_interval.",
        "target_eval_loss",
        "eval_interval");
  }

  private void checkSampling() {
    EvalConfig eval = config.eval();
    SamplingStrategy strategy = eval.decodeSamplingStrategy();
    refuseIf(
        strategy != SamplingStrategy.GREEDY && eval.decodeSamplingTemperature() == 0,
        "logits cannot be divided by a temperature of 0",
        "Use decode_sampling_strategy=greedy, or a temperature above 0.",
        "decode_sampling_strategy",
        "decode_sampling_temperature");
    refuseIf(
        strategy.hasTopK() && eval.decodeSamplingTopK() == 0,
        "the strategy needs to know among how many tokens to draw",
        "Set decode_sampling_top_k to 40, for example.",
        "decode_sampling_strategy",
        "decode_sampling_top_k");
    refuseIf(
        strategy.hasNucleus() && eval.decodeSamplingNucleusP() <= 0,
        "the strategy needs to know how much probability to draw from",
        "Set decode_sampling_nucleus_p to 0.9, for example.",
        "decode_sampling_strategy",
        "decode_sampling_nucleus_p");
    refuseIf(
        eval.maxPrefillPredictLength() >= config.data().maxTargetLength(),
        "a prompt of that length would leave no room for a token",
        "Make max_target_length larger.",
        "max_prefill_predict_length",
        "max_target_length");
  }

  /// Reports a contradiction between `keys`, unless one of them was refused already.
  private void refuseIf(boolean contradicts, String message, String advice, String... keys) {
    if (!contradicts || List.of(keys).stream().anyMatch(typed.rejected()::contains)) {
      return;
    }
    String subject = List.of(keys).stream().map(this::assignment).collect(Collectors.joining(", "));
    String origin = List.of(keys).stream().map(this::origin).collect(Collectors.joining(", "));
    problems.add(new Problem(subject, origin, message, advice));
  }

  private String assignment(String key) {
    return key + "=" + ShownText.of(YamlText.of(typed.values().getOrDefault(key, "")));
  }

  private String origin(String key) {
    return layers.winner(key).map(setting -> setting.origin().describe()).orElse("default");
  }
}
