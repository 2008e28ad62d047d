package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;

/// A collective of a per-device program.
///
/// @param operand what each device gives
/// @param result what each device gets
/// @param times how often it runs in one execution, as far as loops of known length tell
public record CollectiveUse(CollectiveOp op, TensorType operand, TensorType result, long times) {
  /// All collectives of a program that send something, in order, regions included.
  public static List<CollectiveUse> of(Graph graph) {
    List<CollectiveUse> uses = new ArrayList<>();
    collect(graph, 1, uses);
    return uses;
  }

  /// Bytes that one device sends in one execution of the program: the lower bound of all
  /// algorithms, 2(n−1)/n of the tensor for an all_reduce and (n−1)/n of the larger side for the
  /// others; of a collective_permute the mean over devices, some of which may send nothing.
  public double bytes() {
    double n = op.group().size();
    double size = Math.max(operand.bytes(), result.bytes());
    double share =
        switch (op) {
          case CollectiveOp.AllReduce _ -> 2 * (n - 1) / n;
          case CollectiveOp.CollectivePermute permute ->
              permute.pairs().stream().filter(pair -> pair.source() != pair.target()).count() / n;
          default -> (n - 1) / n;
        };
    return times * share * size;
  }

  private static void collect(Graph graph, long times, List<CollectiveUse> uses) {
    for (Equation equation : graph.equations()) {
      if (equation.op() instanceof CollectiveOp op && !(op instanceof CollectiveOp.AxisIndex)) {
        Var operand = equation.inputs().getFirst();
        uses.add(new CollectiveUse(op, operand.type(), equation.output().type(), times));
      }
      long inner = equation.op() instanceof ControlOp.Scan scan ? times * scan.length() : times;
      equation.regions().forEach(region -> collect(region, inner, uses));
    }
  }

  /// For example `2 x all_gather (fsdp): f32[4, 8] -> f32[8, 8]`.
  @Override
  public String toString() {
    String name = op.opName().substring(op.opName().indexOf('.') + 1);
    return times + " x " + name + " " + op.group() + ": " + operand + " -> " + result;
  }
}
