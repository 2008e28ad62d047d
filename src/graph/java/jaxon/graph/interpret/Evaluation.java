package jaxon.graph.interpret;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.AnnotationOp;
import jaxon.graph.op.BinaryOp;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ContractOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ElementwiseOp;
import jaxon.graph.op.IndexOp;
import jaxon.graph.op.Op;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.op.ShapeOp;
import jaxon.graph.op.SourceOp;
import jaxon.graph.op.UnaryOp;
import jaxon.graph.type.TensorType;

/// Runs the equations of a graph in order, and finds the kernel of each.
final class Evaluation {
  private Evaluation() {}

  static List<Tensor> run(Graph graph, List<Tensor> inputs, Precision precision) {
    Map<Var, Tensor> values = new HashMap<>();
    define(values, graph.inputs(), inputs);
    Map<Var, Integer> lastUses = lastUses(graph);
    for (int at = 0; at < graph.equations().size(); at++) {
      Equation equation = graph.equations().get(at);
      List<Tensor> operands = read(values, equation.inputs());
      List<TensorType> types = equation.outputs().stream().map(Var::type).toList();
      define(
          values,
          equation.outputs(),
          apply(equation.op(), equation.regions(), operands, types, precision));
      // Forgetting values after their last use keeps long graphs within memory.
      for (Var input : equation.inputs()) {
        if (lastUses.getOrDefault(input, -1) == at) {
          values.remove(input);
        }
      }
    }
    return read(values, graph.outputs());
  }

  static List<Tensor> apply(
      Op op,
      List<Graph> regions,
      List<Tensor> operands,
      List<TensorType> types,
      Precision precision) {
    return switch (op) {
      case UnaryOp unary -> List.of(UnaryKernels.apply(unary, operands.get(0), precision));
      case BinaryOp binary ->
          List.of(BinaryKernels.apply(binary, operands.get(0), operands.get(1), precision));
      case ElementwiseOp elementwise ->
          List.of(ElementwiseKernels.apply(elementwise, operands, types.get(0), precision));
      case SourceOp source -> List.of(source(source, precision));
      case ShapeOp shape -> List.of(ShapeKernels.apply(shape, operands, types.get(0)));
      case IndexOp index -> IndexKernels.apply(index, operands, types, precision);
      case ContractOp.DotGeneral dot ->
          List.of(DotKernel.apply(dot, operands.get(0), operands.get(1), types.get(0), precision));
      case ReduceOp.Reduce reduce ->
          List.of(ReduceKernel.apply(reduce, operands.get(0), types.get(0), precision));
      case ControlOp control -> ControlFlow.apply(control, regions, operands, types, precision);
      case AnnotationOp _ -> operands;
      case CollectiveOp collective -> throw CollectiveOpException.alone(collective);
    };
  }

  private static Tensor source(SourceOp op, Precision precision) {
    return switch (op) {
      case SourceOp.Constant constant -> Tensor.of(constant.value().type(), constant.value());
      case SourceOp.Iota iota -> iota(iota, precision);
    };
  }

  private static Tensor iota(SourceOp.Iota op, Precision precision) {
    Tensor result = Tensor.zeros(op.type());
    for (IndexCounter i = new IndexCounter(op.type().shape()); i.inRange(); i.next()) {
      if (result.isFloat()) {
        result.doubles()[i.flat()] = precision.round(op.type().dtype(), (double) i.at(op.dim()));
      } else {
        result.longs()[i.flat()] = op.type().dtype().wrap(i.at(op.dim()));
      }
    }
    return result;
  }

  private static void define(Map<Var, Tensor> values, List<Var> names, List<Tensor> results) {
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), results.get(i));
    }
  }

  private static List<Tensor> read(Map<Var, Tensor> values, List<Var> names) {
    List<Tensor> read = new ArrayList<>();
    for (Var name : names) {
      Tensor value = values.get(name);
      if (value == null) {
        throw new IllegalStateException("value " + name + " is used before it is defined");
      }
      read.add(value);
    }
    return read;
  }

  /// The number of the equation after which a value is no longer needed; none for the graph's
  /// outputs.
  private static Map<Var, Integer> lastUses(Graph graph) {
    Map<Var, Integer> lastUses = new HashMap<>();
    for (int at = 0; at < graph.equations().size(); at++) {
      for (Var input : graph.equations().get(at).inputs()) {
        lastUses.put(input, at);
      }
    }
    graph.outputs().forEach(lastUses::remove);
    return lastUses;
  }
}
