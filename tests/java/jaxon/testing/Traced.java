package jaxon.testing;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.Op;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
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

  /// The results of `function`.
  public static List<Literal> run(UnaryOperator<List<Array>> function, Literal... inputs) {
    return Interpreter.run(graph(function, inputs), List.of(inputs));
  }

  /// The one result of `function`.
  public static Literal one(Function<List<Array>, Array> function, Literal... inputs) {
    return run(args -> List.of(function.apply(args)), inputs).getFirst();
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
}
