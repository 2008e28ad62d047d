package jaxon.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Control;
import jaxon.graph.trace.Ops;

/// Attention whose derivative is given: however it runs, forward and backward are functions of
/// their own, and what the second needs of the first is its results, named for rematerialization.
final class SavedAttention {
  /// What rematerialization policies call the results that the backward pass reads.
  static final String NAME = "context";

  private SavedAttention() {}

  /// Attention on the operands of [DotProductAttention#COMPOSITE].
  ///
  /// @param forward from the operands to the result and the log-sum-exps
  /// @param gradients from the operands and `(result, log-sum-exps, cotangent of the result)` to
  ///   the cotangents of the operands that are no numbers
  static Array apply(
      List<Array> operands,
      UnaryOperator<List<Array>> forward,
      BinaryOperator<List<Array>> gradients) {
    int count = operands.size();
    return Control.customVjp(
            "attention",
            operands,
            args -> forward.apply(args).subList(0, 1),
            args -> {
              List<Array> results =
                  forward.apply(args).stream().map(result -> result.named(NAME)).toList();
              List<Array> all = new ArrayList<>(List.of(results.getFirst()));
              all.addAll(args);
              all.addAll(results);
              return all;
            },
            args -> {
              List<Array> own = args.subList(0, count);
              return withZeros(gradients.apply(own, args.subList(count, args.size())), own);
            })
        .getFirst();
  }

  /// The cotangents of all operands, zeros for those that are numbers.
  private static List<Array> withZeros(List<Array> found, List<Array> operands) {
    List<Array> cotangents = new ArrayList<>(found);
    for (int i = 0; i < operands.size(); i++) {
      if (!operands.get(i).dtype().isFloat()) {
        cotangents.add(i, Ops.zeros(operands.get(i).type()));
      }
    }
    return cotangents;
  }
}
