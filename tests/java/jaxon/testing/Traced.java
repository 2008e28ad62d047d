package jaxon.testing;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.Op;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Functions of arrays, traced and run on literals.
public final class Traced {
  private Traced() {}

  /// The graph of `function` on inputs of the literals' types.
  public static Graph graph(List<Literal> inputs, Function<List<Array>, List<Array>> function) {
    return Tracer.traceClosed("test", inputs.stream().map(Literal::type).toList(), function);
  }

  /// The results of `function`.
  public static List<Literal> run(
      List<Literal> inputs, Function<List<Array>, List<Array>> function) {
    return Interpreter.run(graph(inputs, function), inputs);
  }

  /// Appends one op with one result to the current trace.
  public static Array emit(Op op, Array... operands) {
    return Tracer.current().emit(op, List.of(operands), List.of()).getFirst();
  }

  /// A float64 tensor of values spread evenly over `[low, high)`.
  public static Literal uniform(RandomGenerator random, double low, double high, long... dims) {
    return Literal.generate(
        TensorType.of(DType.F64, dims), _ -> low + (high - low) * random.nextDouble());
  }

  /// A float64 tensor of values whose magnitude is spread over `[low, high)`, of either sign: for
  /// functions with a kink or a pole at 0.
  public static Literal awayFromZero(
      RandomGenerator random, double low, double high, long... dims) {
    Literal magnitudes = uniform(random, low, high, dims);
    DoubleUnaryOperator sign = x -> random.nextBoolean() ? x : -x;
    return Literal.generate(magnitudes.type(), i -> sign.applyAsDouble(magnitudes.get(i)));
  }

  /// A float64 tensor of values that are at least 0.1 apart, in random order: for functions that
  /// choose or sort.
  public static Literal distinct(RandomGenerator random, long... dims) {
    TensorType type = TensorType.of(DType.F64, dims);
    int size = Math.toIntExact(type.shape().elements());
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      int other = random.nextInt(i + 1);
      values[i] = values[other];
      values[other] = 0.1 * (i - size / 2) + 0.05;
    }
    return Literal.wrap(type, values);
  }

  public static Literal doubles(double... values) {
    return Literal.ofDoubles(values, values.length);
  }

  public static Literal ints(int... values) {
    return Literal.ofInts(values, values.length);
  }

  /// A float64 scalar.
  public static Literal scalar(double value) {
    return Literal.splat(TensorType.of(DType.F64), value);
  }

  /// An int32 scalar.
  public static Literal index(int value) {
    return Literal.ofInts(new int[] {value});
  }
}
