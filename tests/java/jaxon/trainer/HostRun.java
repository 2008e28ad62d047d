package jaxon.trainer;

import java.util.List;
import java.util.function.Function;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Program;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.Literal;

/// Runs traced functions of trees on host tensors.
public final class HostRun {
  private HostRun() {}

  /// The leaves of the result, computed as declared.
  public static <I> List<Literal> run(I template, Function<I, ?> function, List<Literal> inputs) {
    return Interpreter.run(trace(template, function).graph(), inputs);
  }

  /// The leaves of the result, with every float kept as a double.
  public static <I> List<double[]> inFloat64(
      I template, Function<I, ?> function, List<Literal> inputs) {
    return Interpreter.runInFloat64(trace(template, function).graph(), inputs).stream()
        .map(Literal::toDoubles)
        .toList();
  }

  private static <I> Program<I, List<Array>> trace(I template, Function<I, ?> function) {
    return Program.trace("test", template, input -> Tree.leaves(function.apply(input)));
  }
}
