package jaxon.trainer.metrics;

/// The names of the scalars, spelled as MaxText spells them so that dashboards carry over.
///
/// The part before the slash becomes the group of a chart in TensorBoard. Losses are in nats per
/// counted target token.
public final class MetricNames {
  /// The loss that was differentiated: language-model loss and every auxiliary loss.
  public static final String LOSS = "learning/loss";

  /// Mean cross entropy alone.
  public static final String LM_LOSS = "learning/lm_loss";

  /// `exp` of [#LM_LOSS].
  public static final String PERPLEXITY = "learning/perplexity";

  /// Mean of `z_loss_multiplier * logsumexp(logits)^2`.
  public static final String Z_LOSS = "learning/z_loss";

  /// Number of target tokens that counted in the loss, over the whole global batch.
  public static final String TOTAL_WEIGHTS = "learning/total_weights";

  /// Global L2 norm of the gradients after clipping.
  public static final String GRAD_NORM = "learning/grad_norm";

  /// Global L2 norm of the gradients before clipping.
  public static final String RAW_GRAD_NORM = "learning/raw_grad_norm";

  /// Global L2 norm of the parameters after the update.
  public static final String PARAM_NORM = "learning/param_norm";

  /// Learning rate that this step used.
  public static final String CURRENT_LEARNING_RATE = "learning/current_learning_rate";

  /// Wall time of this one step, in seconds.
  public static final String STEP_TIME_SECONDS = "perf/step_time_seconds";

  /// Tokens of one step on one device, divided by [#STEP_TIME_SECONDS].
  public static final String PER_DEVICE_TOKENS_PER_SEC = "perf/per_device_tokens_per_sec";

  /// [#PER_DEVICE_TFLOPS] divided by [#STEP_TIME_SECONDS].
  public static final String PER_DEVICE_TFLOPS_PER_SEC = "perf/per_device_tflops_per_sec";

  /// Model work of one step on one device in units of 10^12 floating-point operations.
  public static final String PER_DEVICE_TFLOPS = "perf/per_device_tflops";

  /// Tokens of one step on one device, padding included.
  public static final String PER_DEVICE_TOKENS = "perf/per_device_tokens";

  /// Cross entropy over the evaluation set, weighted by tokens.
  public static final String EVAL_AVG_LOSS = "evaluation/avg_loss";

  /// `exp` of [#EVAL_AVG_LOSS].
  public static final String EVAL_AVG_PERPLEXITY = "evaluation/avg_perplexity";

  /// Number of target tokens that counted in the evaluation.
  public static final String EVAL_TOTAL_WEIGHTS = "evaluation/total_weights";

  private MetricNames() {}
}
