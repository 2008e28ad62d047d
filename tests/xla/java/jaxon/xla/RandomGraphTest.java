package jaxon.xla;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.type.DType;
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
    for (long seed = 0; seed < GRAPHS / 4; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      Map<Var, Literal> values = new HashMap<>();
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      for (int i = 0; i < inputs.size(); i++) {
        values.put(graph.inputs().get(i), inputs.get(i));
      }
      for (Equation equation : graph.equations()) {
        for (String difference : check(equation, values)) {
          wrong.add("seed " + seed + ": " + equation.op() + ": " + difference);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Whole graphs. Rounding may decide what a comparison or a conversion gives, so only outputs
  /// count that hardly change when the interpreter computes them in float64.
  @Test
  void wholeGraphsAgreeWhereTheyAreWellConditioned() {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (long seed = 0; seed < 2 * GRAPHS; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      List<Literal> inputs = RandomLiterals.of(graph.inputTypes(), seed);
      List<Literal> expected = Interpreter.run(graph, inputs);
      List<Literal> exact = Interpreter.runInFloat64(graph, inputs);
      List<Literal> plain = XlaRun.plain(graph, inputs);
      List<Literal> compiled = XlaRun.compiled(graph, inputs);
      for (int i = 0; i < expected.size(); i++) {
        Literal wanted = expected.get(i);
        if (isNear(wanted, exact.get(i), 1e-4)) {
          compared++;
          if (!isNear(wanted, plain.get(i), 1e-2) || !isNear(wanted, compiled.get(i), 1e-2)) {
            wrong.add("seed " + seed + " output " + i);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).as("outputs compared").isGreaterThan(GRAPHS);
  }

  private static boolean isNear(Literal expected, Literal found, double tolerance) {
    for (long i = 0; i < expected.type().shape().elements(); i++) {
      double x = expected.get(i);
      double y = found.get(i);
      double allowed = expected.type().dtype().isFloat() ? tolerance * Math.max(1, Math.abs(x)) : 0;
      if (Double.compare(x, y) != 0 && !(Math.abs(x - y) <= allowed)) {
        return false;
      }
    }
    return true;
  }

  private static List<String> check(Equation equation, Map<Var, Literal> values) {
    List<Var> inputs = equation.inputs().stream().distinct().toList();
    Graph alone = new Graph("one", inputs, List.of(equation), equation.outputs());
    List<Literal> operands = inputs.stream().map(values::get).toList();
    List<Literal> expected = Interpreter.run(alone, operands);
    for (int i = 0; i < expected.size(); i++) {
      values.put(equation.outputs().get(i), expected.get(i));
    }
    return tolerance(equation).differences(expected, XlaRun.plain(alone, operands));
  }

  /// A region holds several operations, in float64 with functions of float32's accuracy.
  private static Tolerance tolerance(Equation equation) {
    boolean isFloat64 =
        equation.inputs().stream().anyMatch(input -> input.type().dtype() == DType.F64);
    return Tolerance.ofLargest(isFloat64 ? 1e7 : 64);
  }
}
