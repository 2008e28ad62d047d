package jaxon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import jaxon.autodiff.Grad;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;

/// Compares [Grad] with central differences.
///
/// The results of a function are weighted with random cotangents, which makes a scalar of them; its
/// slope in every element of every float64 input is measured with the interpreter by the
/// fourth-order formula, whose error (about 1e-11 for functions of ordinary size) is far below the
/// tolerance.
public final class GradCheck {
  private static final double STEP = 1e-3;
  private static final double TOLERANCE = 2e-8;

  private GradCheck() {}

  /// Checks the first derivatives of `function` with respect to the float64 ones of `inputs`, and
  /// that differentiating leaves its results as they are.
  public static void check(List<Literal> inputs, UnaryOperator<List<Array>> function) {
    Graph plain = Traced.graph(inputs, args -> withLoss(function.apply(args)));
    List<Literal> results = Interpreter.run(plain, inputs);
    List<Integer> wanted = floats(inputs);
    List<Literal> found =
        Traced.run(
            inputs,
            args -> {
              Grad.ValueAndGrad<List<Array>, List<Array>> result = differentiate(args, function);
              List<Array> all = new ArrayList<>(result.aux());
              all.addAll(result.grad());
              return all;
            });
    assertThat(found.subList(0, results.size())).as("results").isEqualTo(results);
    for (int i = 0; i < wanted.size(); i++) {
      compare(plain, inputs, wanted.get(i), found.get(results.size() + i));
    }
  }

  /// Checks first and second derivatives.
  public static void checkTwice(List<Literal> inputs, UnaryOperator<List<Array>> function) {
    check(inputs, function);
    check(inputs, gradient(function));
  }

  /// The function that gives the gradient of `function`, weighted with random cotangents, with
  /// respect to its float inputs.
  public static UnaryOperator<List<Array>> gradient(UnaryOperator<List<Array>> function) {
    return args -> differentiate(args, function).grad();
  }

  private static Grad.ValueAndGrad<List<Array>, List<Array>> differentiate(
      List<Array> args, UnaryOperator<List<Array>> function) {
    List<Array> params = args.stream().filter(arg -> arg.dtype().isFloat()).toList();
    return Grad.valueAndGrad(
        params,
        leaves -> {
          List<Array> all = new ArrayList<>();
          int next = 0;
          for (Array arg : args) {
            all.add(arg.dtype().isFloat() ? leaves.get(next++) : arg);
          }
          List<Array> results = withLoss(function.apply(all));
          return new Grad.Objective<>(results.getFirst(), results);
        });
  }

  /// The weighted sum of the float results, then the results.
  private static List<Array> withLoss(List<Array> results) {
    SplittableRandom random = new SplittableRandom(7);
    Array loss = Ops.constant(DType.F64, 0);
    for (Array result : results) {
      if (result.dtype().isFloat()) {
        Literal weights =
            Literal.generate(result.type().withDType(DType.F64), _ -> random.nextDouble(0.5, 1.5));
        loss = loss.add(result.astype(DType.F64).mul(Ops.constant(weights)).sum());
      }
    }
    List<Array> all = new ArrayList<>(List.of(loss));
    all.addAll(results);
    return all;
  }

  private static void compare(Graph plain, List<Literal> inputs, int input, Literal gradient) {
    double[] values = inputs.get(input).toDoubles();
    assertThat(gradient.type()).isEqualTo(inputs.get(input).type());
    for (int i = 0; i < values.length; i++) {
      double slope =
          (8 * (loss(plain, inputs, input, i, STEP) - loss(plain, inputs, input, i, -STEP))
                  - loss(plain, inputs, input, i, 2 * STEP)
                  + loss(plain, inputs, input, i, -2 * STEP))
              / (12 * STEP);
      assertThat(gradient.get(i))
          .as("derivative in element %d of input %d %s", i, input, inputs.get(input).type())
          .isCloseTo(slope, within(TOLERANCE * Math.max(1, Math.abs(slope))));
    }
  }

  /// The loss with one element of one input moved by `step`.
  private static double loss(
      Graph plain, List<Literal> inputs, int input, int element, double step) {
    double[] values = inputs.get(input).toDoubles();
    values[element] += step;
    List<Literal> moved = new ArrayList<>(inputs);
    moved.set(input, Literal.wrap(inputs.get(input).type(), values));
    return Interpreter.run(plain, moved).getFirst().get(0);
  }

  private static List<Integer> floats(List<Literal> inputs) {
    List<Integer> floats = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).type().dtype().isFloat()) {
        floats.add(i);
      }
    }
    return floats;
  }
}
