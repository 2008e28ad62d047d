package jaxon.graph.interpret;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.infer.TypeRules;
import jaxon.graph.op.Op;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;

/// Evaluates graphs in plain Java: the definition that compilers, passes and kernels are tested
/// against.
///
/// Floats are computed in double and integers in long; each op's result is rounded (or wrapped) to
/// its dtype once, also for sums and dot products of any length. A composite runs as its
/// decomposition, a custom_vjp as its primal function, a remat as its region; annotations change
/// nothing.
public final class Interpreter {
  private Interpreter() {}

  /// The results of `graph` on `inputs`, which have the graph's input types.
  public static List<Literal> run(Graph graph, List<Literal> inputs) {
    return run(graph, inputs, Precision.DECLARED);
  }

  /// The results of `graph` with float values kept as doubles, whatever float dtypes it declares.
  ///
  /// Float inputs may be given in the declared dtype or as `f64`; float results are `f64`.
  /// Constants are taken as they are, and a bitcast_convert rounds its operand to the declared
  /// dtype first, because only then are its bits defined.
  public static List<Literal> runInFloat64(Graph graph, List<Literal> inputs) {
    return run(graph, inputs, Precision.FLOAT64);
  }

  /// The results of one op, for backends that have no kernel of their own for it.
  ///
  /// Throws [ShapeException] when the op does not allow the operands' types.
  public static List<Literal> apply(Op op, List<Graph> regions, List<Literal> operands) {
    List<TensorType> types = operands.stream().map(Literal::type).toList();
    List<TensorType> results =
        TypeRules.infer(op, types, regions.stream().map(Graph::type).toList());
    List<Tensor> values = operands.stream().map(x -> Tensor.of(x.type(), x)).toList();
    return literals(
        Evaluation.apply(op, regions, values, results, Precision.DECLARED), Precision.DECLARED);
  }

  private static List<Literal> run(Graph graph, List<Literal> inputs, Precision precision) {
    List<TensorType> types = graph.inputTypes();
    if (inputs.size() != types.size()) {
      throw new IllegalArgumentException(
          graph + " takes " + types.size() + " inputs, got " + inputs.size());
    }
    List<Tensor> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      requireType(graph, i, types.get(i), inputs.get(i).type(), precision);
      values.add(Tensor.of(types.get(i), inputs.get(i)));
    }
    return literals(Evaluation.run(graph, values, precision), precision);
  }

  private static void requireType(
      Graph graph, int index, TensorType declared, TensorType found, Precision precision) {
    boolean anyFloat =
        precision == Precision.FLOAT64
            && declared.dtype().isFloat()
            && found.dtype().isFloat()
            && declared.shape().equals(found.shape());
    if (!anyFloat && !declared.equals(found)) {
      throw new IllegalArgumentException(
          "input "
              + index
              + " of graph '"
              + graph.name()
              + "' has type "
              + declared
              + ", got a literal of type "
              + found);
    }
  }

  private static List<Literal> literals(List<Tensor> values, Precision precision) {
    return values.stream().map(value -> value.toLiteral(precision)).toList();
  }
}
