package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.type.Literal;
import jaxon.input.Batch;
import jaxon.input.BatchIterator;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffers;
import jaxon.runtime.Executable;
import jaxon.trainer.metrics.MetricNames;

/// Average loss over held-out batches.
final class Evaluator {
  /// What an evaluation tells.
  static final List<String> METRICS =
      List.of(
          MetricNames.EVAL_AVG_LOSS,
          MetricNames.EVAL_AVG_PERPLEXITY,
          MetricNames.EVAL_TOTAL_WEIGHTS);

  /// Average over the counted tokens.
  ///
  /// @param loss mean loss in nats per token
  /// @param weights number of counted tokens
  record Result(double loss, double weights) {
    double perplexity() {
      return Math.exp(loss);
    }

    /// Under the names of [#METRICS].
    SequencedMap<String, Double> metrics() {
      SequencedMap<String, Double> metrics = new LinkedHashMap<>();
      metrics.put(MetricNames.EVAL_AVG_LOSS, loss);
      metrics.put(MetricNames.EVAL_AVG_PERPLEXITY, perplexity());
      metrics.put(MetricNames.EVAL_TOTAL_WEIGHTS, weights);
      return metrics;
    }
  }

  private final Backend backend;
  private final Executable program;
  private final TokenOrder order;
  private final int maxSteps;

  /// @param order in which the program takes the tokens of a sequence
  /// @param maxSteps batches to look at; negative for all there are
  Evaluator(Backend backend, Executable program, TokenOrder order, int maxSteps) {
    this.backend = backend;
    this.program = program;
    this.order = order;
    this.maxSteps = maxSteps;
  }

  private Buffers put(Buffers params, Batch batch) {
    return Buffers.put(backend, program, params.list().size(), TrainBatch.values(batch, order));
  }

  /// Runs the batches of `iterator`, which it closes.
  Result run(Buffers params, BatchIterator iterator) {
    double loss = 0;
    double weights = 0;
    try (iterator) {
      for (int step = 0; iterator.hasNext() && (maxSteps < 0 || step < maxSteps); step++) {
        try (Buffers batch = put(params, iterator.next());
            Buffers result = params.execute(program, batch)) {
          Literal sums = result.list().getFirst().toLiteral();
          loss += sums.get(0);
          weights += sums.get(1);
        }
      }
    }
    return new Result(loss / weights, weights);
  }
}
