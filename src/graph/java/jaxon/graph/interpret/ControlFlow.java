package jaxon.graph.interpret;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;

/// The ops with regions.
final class ControlFlow {
  private ControlFlow() {}

  static List<Tensor> apply(
      ControlOp op,
      List<Graph> regions,
      List<Tensor> operands,
      List<TensorType> types,
      Precision precision) {
    return switch (op) {
      case ControlOp.While _ -> whileLoop(regions.get(0), regions.get(1), operands, precision);
      case ControlOp.Case _ -> caseOf(regions, operands, precision);
      case ControlOp.Scan scan -> scan(scan, regions.get(0), operands, types, precision);
      // For a custom_vjp, region 0 is the primal function.
      case ControlOp.Composite _, ControlOp.CustomVjp _, ControlOp.Remat _ ->
          Evaluation.run(regions.get(0), operands, precision);
      case ControlOp.ShardMap map -> throw CollectiveOpException.alone(map);
    };
  }

  private static List<Tensor> whileLoop(
      Graph condition, Graph body, List<Tensor> init, Precision precision) {
    List<Tensor> carry = init;
    while (Evaluation.run(condition, carry, precision).getFirst().longs()[0] != 0) {
      carry = Evaluation.run(body, carry, precision);
    }
    return carry;
  }

  private static List<Tensor> caseOf(
      List<Graph> branches, List<Tensor> operands, Precision precision) {
    long index = operands.getFirst().longs()[0];
    boolean inRange = index >= 0 && index < branches.size();
    Graph branch = inRange ? branches.get((int) index) : branches.getLast();
    return Evaluation.run(branch, operands.subList(1, operands.size()), precision);
  }

  private static List<Tensor> scan(
      ControlOp.Scan op,
      Graph body,
      List<Tensor> operands,
      List<TensorType> types,
      Precision precision) {
    List<Tensor> consts = operands.subList(0, op.consts());
    List<Tensor> carry = operands.subList(op.consts(), op.consts() + op.carries());
    List<Tensor> xs = operands.subList(op.consts() + op.carries(), operands.size());
    List<Tensor> ys =
        types.subList(op.carries(), types.size()).stream().map(Tensor::zeros).toList();
    for (int step = 0; step < op.length(); step++) {
      int at = op.reverse() ? Math.toIntExact(op.length()) - 1 - step : step;
      List<Tensor> args = new ArrayList<>(consts);
      args.addAll(carry);
      xs.forEach(x -> args.add(row(x, at)));
      List<Tensor> results = Evaluation.run(body, args, precision);
      carry = results.subList(0, op.carries());
      for (int i = 0; i < ys.size(); i++) {
        setRow(ys.get(i), at, results.get(op.carries() + i));
      }
    }
    List<Tensor> all = new ArrayList<>(carry);
    all.addAll(ys);
    return all;
  }

  /// Slice `at` of the leading dim.
  private static Tensor row(Tensor x, int at) {
    Tensor row = Tensor.zeros(x.type().withShape(x.shape().without(List.of(0))));
    for (int i = 0; i < row.size(); i++) {
      row.set(i, x, at * row.size() + i);
    }
    return row;
  }

  private static void setRow(Tensor target, int at, Tensor row) {
    for (int i = 0; i < row.size(); i++) {
      target.set(at * row.size() + i, row, i);
    }
  }
}
