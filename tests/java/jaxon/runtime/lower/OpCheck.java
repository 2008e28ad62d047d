package jaxon.runtime.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.type.Literal;
import jaxon.testing.Traced;

/// Collects where an engine disagrees with the interpreter, so that one test names all of it.
final class OpCheck {
  private final List<String> wrong = new ArrayList<>();

  /// Runs `function` on the interpreter and on every engine and records the first difference of
  /// each under `name`.
  void check(String name, List<Literal> inputs, Function<List<Array>, List<Array>> function) {
    Graph graph = Traced.graph(inputs, function);
    List<Literal> expected = Interpreter.run(graph, inputs);
    for (String engine : EngineRun.ENGINES) {
      String difference = difference(engine, graph, inputs, expected);
      if (!difference.isEmpty()) {
        wrong.add(name + " on " + engine + ": " + difference);
      }
    }
  }

  private static String difference(
      String engine, Graph graph, List<Literal> inputs, List<Literal> expected) {
    List<Literal> found;
    try {
      found = EngineRun.plain(engine, graph, inputs);
    } catch (RuntimeException e) {
      return e.toString();
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = Agreement.difference(expected.get(i), found.get(i));
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    return "";
  }

  /// Fails with every disagreement recorded.
  void verify() {
    assertThat(wrong).isEmpty();
  }
}
