package jaxon.layers;

import java.util.List;
import java.util.function.Function;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Runs functions on arrays at once, by the interpreter.
final class Eager {
  private Eager() {}

  static List<Literal> runAll(List<Literal> inputs, Function<List<Array>, List<Array>> function) {
    List<TensorType> types = inputs.stream().map(Literal::type).toList();
    return Interpreter.run(Tracer.traceClosed("test", types, function), inputs);
  }

  static Literal run(List<Literal> inputs, Function<List<Array>, Array> function) {
    return runAll(inputs, args -> List.of(function.apply(args))).getFirst();
  }

  static double[] doubles(List<Literal> inputs, Function<List<Array>, Array> function) {
    return run(inputs, function).toDoubles();
  }

  /// Numbers between -1 and 1 that look random and are the same every time.
  static Literal random(DType dtype, int seed, long... dims) {
    return Literal.generate(
        TensorType.of(dtype, dims),
        i -> {
          double x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
          return 2 * (x - Math.floor(x)) - 1;
        });
  }

  static Literal ints(long[] dims, int... values) {
    return Literal.ofInts(values, dims);
  }
}
