package jaxon.runtime.lower;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RandomGraphTest {
  private static final int GRAPHS = Integer.getInteger("jaxon.test.graphs", 40);

  /// Each equation alone, on what the interpreter gives it, so that errors do not add up.
  @ParameterizedTest
  @FieldSource("jaxon.runtime.lower.EngineRun#ENGINES")
  void everyEquationAgreesWithTheInterpreter(String engine) {
    List<String> wrong = new ArrayList<>();
    for (long seed = 0; seed < GRAPHS; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      Map<Var, Literal> values = new HashMap<>();
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      for (int i = 0; i < inputs.size(); i++) {
        values.put(graph.inputs().get(i), inputs.get(i));
      }
      for (Equation equation : graph.equations()) {
        String difference = check(engine, equation, values);
        if (!difference.isEmpty()) {
          wrong.add("seed " + seed + ": " + equation.op() + ": " + difference);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Whole graphs, where one program holds views, reused memory and nested regions. Rounding may
  /// decide what a comparison or a conversion gives, so only outputs count that hardly change when
  /// the interpreter computes them in float64.
  @ParameterizedTest
  @FieldSource("jaxon.runtime.lower.EngineRun#ENGINES")
  void wholeGraphsAgreeWhereTheyAreWellConditioned(String engine) {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (long seed = 0; seed < 2L * GRAPHS; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      List<Literal> expected = Interpreter.run(graph, inputs);
      List<Literal> exact = Interpreter.runInFloat64(graph, inputs);
      List<Literal> plain = EngineRun.plain(engine, graph, inputs);
      List<Literal> compiled = EngineRun.compiled(engine, graph, inputs);
      for (int i = 0; i < expected.size(); i++) {
        Literal wanted = expected.get(i);
        if (isStable(wanted, exact.get(i))) {
          compared++;
          String difference =
              Agreement.difference(wanted, plain.get(i), 1e-2)
                  + Agreement.difference(wanted, compiled.get(i), 1e-2);
          if (!difference.isEmpty()) {
            wrong.add("seed " + seed + " output " + i + ": " + difference);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).as("outputs compared").isGreaterThan(GRAPHS);
  }

  private static boolean isStable(Literal declared, Literal exact) {
    for (long i = 0; i < declared.type().shape().elements(); i++) {
      double x = declared.get(i);
      double y = exact.get(i);
      if (Double.compare(x, y) != 0 && !(Math.abs(x - y) <= 1e-4 * Math.max(1, Math.abs(x)))) {
        return false;
      }
    }
    return true;
  }

  private static String check(String engine, Equation equation, Map<Var, Literal> values) {
    List<Var> inputs = equation.inputs().stream().distinct().toList();
    Graph alone = new Graph("one", inputs, List.of(equation), equation.outputs());
    List<Literal> operands = inputs.stream().map(values::get).toList();
    List<Literal> expected = Interpreter.run(alone, operands);
    for (int i = 0; i < expected.size(); i++) {
      values.put(equation.outputs().get(i), expected.get(i));
    }
    List<Literal> found = EngineRun.plain(engine, alone, operands);
    for (int i = 0; i < expected.size(); i++) {
      String difference = Agreement.difference(expected.get(i), found.get(i));
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    return "";
  }
}
