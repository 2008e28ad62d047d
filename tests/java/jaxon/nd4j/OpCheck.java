package jaxon.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.type.Literal;
import jaxon.testing.Traced;

/// Collects where the backend disagrees with the interpreter, so that one test names all of it.
final class OpCheck {
  private final List<String> wrong = new ArrayList<>();

  /// Runs `function` on both and records the first difference under `name`.
  void check(String name, List<Literal> inputs, Function<List<Array>, List<Array>> function) {
    Graph graph = Traced.graph(inputs, function);
    List<Literal> expected = Interpreter.run(graph, inputs);
    List<Literal> found;
    try {
      found = Nd4jRun.plain(graph, inputs);
    } catch (RuntimeException e) {
      wrong.add(name + ": " + e);
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = Agreement.difference(expected.get(i), found.get(i));
      if (!difference.isEmpty()) {
        wrong.add(name + ": " + difference);
        return;
      }
    }
  }

  /// Fails with every disagreement recorded.
  void verify() {
    assertThat(wrong).isEmpty();
  }
}
