package jaxon.testing;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Traces a function on the types of literals and interprets it on the literals.
public final class Eval {
  private Eval() {}

  /// The results of `function`.
  public static List<Literal> all(UnaryOperator<List<Array>> function, Literal... inputs) {
    return Interpreter.run(graph(function, inputs), List.of(inputs));
  }

  /// The one result of `function`.
  public static Literal one(Function<List<Array>, Array> function, Literal... inputs) {
    return all(args -> List.of(function.apply(args)), inputs).getFirst();
  }

  /// The one result of a function of one array.
  public static Literal unary(UnaryOperator<Array> function, Literal input) {
    return one(args -> function.apply(args.getFirst()), input);
  }

  /// The traced function.
  public static Graph graph(UnaryOperator<List<Array>> function, Literal... inputs) {
    List<TensorType> types = Arrays.stream(inputs).map(Literal::type).toList();
    return Tracer.traceClosed("test", types, function);
  }

  /// A vector of float dtype.
  public static Literal floats(DType dtype, double... values) {
    return Literal.generate(TensorType.of(dtype, values.length), i -> values[(int) i]);
  }

  /// A vector of an integer dtype or `i1`.
  public static Literal longs(DType dtype, long... values) {
    return Literal.generateLongs(TensorType.of(dtype, values.length), i -> values[(int) i]);
  }

  /// A scalar of any dtype.
  public static Literal scalar(DType dtype, double value) {
    return Literal.splat(TensorType.of(dtype), value);
  }

  /// A tensor `0, 1, 2, …` in row-major order.
  public static Literal counting(DType dtype, long... dims) {
    TensorType type = TensorType.of(dtype, dims);
    return dtype.isFloat()
        ? Literal.generate(type, i -> (double) i)
        : Literal.generateLongs(type, i -> i);
  }

  /// The elements of an integer or `i1` literal.
  public static long[] longsOf(Literal literal) {
    long[] values = new long[(int) literal.type().shape().elements()];
    Arrays.setAll(values, literal::getLong);
    return values;
  }
}
