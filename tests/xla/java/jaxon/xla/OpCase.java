package jaxon.xla;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.Literal;

/// A graph on inputs, whose results on XLA must be the interpreter's.
///
/// @param tolerance how far a result may be away
record OpCase(String name, Tolerance tolerance, Graph graph, List<Literal> inputs) {
  void check() {
    List<Literal> expected = Interpreter.run(graph, inputs);
    assertThat(tolerance.differences(expected, XlaRun.plain(graph, inputs)))
        .as("%s, interpreter against XLA", name)
        .isEmpty();
  }

  @Override
  public String toString() {
    return name;
  }
}
