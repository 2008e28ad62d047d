package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.trainer.metrics.MetricNames;

/// The scalars that a training step gives, packed into one `f32` vector so that a step has one
/// small result.
final class StepMetrics {
  private static final List<String> NAMES =
      List.of(
          MetricNames.LOSS,
          MetricNames.LM_LOSS,
          MetricNames.PERPLEXITY,
          MetricNames.Z_LOSS,
          MetricNames.TOTAL_WEIGHTS,
          MetricNames.GRAD_NORM,
          MetricNames.RAW_GRAD_NORM,
          MetricNames.PARAM_NORM,
          MetricNames.CURRENT_LEARNING_RATE);

  private StepMetrics() {}

  /// The vector, inside the step's trace.
  static Array pack(
      LossSums sums, Array gradNorm, Array rawGradNorm, Array paramNorm, Array learningRate) {
    Array weights = sums.weights().max(1.0);
    Array loss = sums.total().div(weights);
    Array zLoss = sums.zLoss().div(weights);
    Array lmLoss = loss.sub(zLoss);
    return Ops.stack(
        Stream.of(
                loss,
                lmLoss,
                lmLoss.exp(),
                zLoss,
                sums.weights(),
                gradNorm,
                rawGradNorm,
                paramNorm,
                learningRate)
            .map(scalar -> scalar.astype(DType.F32))
            .toList());
  }

  /// The scalars by name, from the vector on the host.
  static SequencedMap<String, Double> unpack(Literal vector) {
    SequencedMap<String, Double> scalars = new LinkedHashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      scalars.put(NAMES.get(i), vector.get(i));
    }
    return scalars;
  }
}
