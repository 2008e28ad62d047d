package jaxon.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.Literal;
import jaxon.testing.RandomGraphs;
import jaxon.testing.RandomLiterals;
import org.junit.jupiter.api.Test;

class RandomGraphTest {
  private static final int GRAPHS = 60;

  /// Each equation alone, on what the interpreter gives it, so that errors do not add up.
  @Test
  void everyEquationAgreesWithTheInterpreter() {
    List<String> wrong = new ArrayList<>();
    for (long seed = 0; seed < GRAPHS; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      Map<Var, Literal> values = new HashMap<>();
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      for (int i = 0; i < inputs.size(); i++) {
        values.put(graph.inputs().get(i), inputs.get(i));
      }
      for (Equation equation : graph.equations()) {
        String difference = check(equation, values);
        if (!difference.isEmpty()) {
          wrong.add("seed " + seed + ": " + equation.op() + ": " + difference);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String check(Equation equation, Map<Var, Literal> values) {
    List<Var> inputs = equation.inputs().stream().distinct().toList();
    Graph alone = new Graph("one", inputs, List.of(equation), equation.outputs());
    List<Literal> operands = inputs.stream().map(values::get).toList();
    List<Literal> expected = Interpreter.run(alone, operands);
    for (int i = 0; i < expected.size(); i++) {
      values.put(equation.outputs().get(i), expected.get(i));
    }
    List<Literal> found = Nd4jRun.plain(alone, operands);
    for (int i = 0; i < expected.size(); i++) {
      String difference = Agreement.difference(expected.get(i), found.get(i));
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    return "";
  }
}
