package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;

/// How far the outputs of a region that are sums may be off by the order of their additions alone.
///
/// A sum of `n` floats with unit roundoff `u` is off by at most `(n - 1) · u · Σ|x|`, to first
/// order, in whatever order it is computed (Higham, "Accuracy and stability of numerical
/// algorithms", 2002, section 4.2).
final class SumBound {
  private SumBound() {}

  /// For each output the bounds of its elements; empty where the output is no sum.
  static List<Optional<Literal>> of(Graph region, List<Literal> inputs) {
    List<Optional<Literal>> bounds = new ArrayList<>();
    for (Var output : region.outputs()) {
      bounds.add(
          region.equations().stream()
              .filter(equation -> equation.outputs().contains(output))
              .filter(SumBound::isSum)
              .findFirst()
              .map(equation -> of(region, equation, inputs)));
    }
    return Collections.unmodifiableList(bounds);
  }

  private static boolean isSum(Equation equation) {
    return equation.op() instanceof ReduceOp.Reduce reduce
        && reduce.kind() == ReduceOp.Kind.SUM
        && equation.output().type().dtype().isFloat();
  }

  private static Literal of(Graph region, Equation sum, List<Literal> inputs) {
    Graph operand = new Graph("terms", region.inputs(), region.equations(), sum.inputs());
    Literal terms = Interpreter.runInFloat64(operand, inputs).getFirst();
    Literal sizes = Literal.generate(terms.type(), i -> Math.abs(terms.get(i)));
    Literal total = Interpreter.apply(sum.op(), List.of(), List.of(sizes)).getFirst();
    long results = Math.max(1, total.type().shape().elements());
    double count = (double) terms.type().shape().elements() / results;
    double roundoff = sum.output().type().dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
    return Literal.generate(total.type(), i -> count * roundoff * total.get(i));
  }
}
