package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.op.Op;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.Kernel;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;

/// Runs one op on the interpreter: for ops and dtypes that neither ND4J nor a loop of ours
/// computes.
public final class Fallback {
  private Fallback() {}

  /// The only result of `op`.
  public static View one(Lowering lowering, Op op, List<View> operands, TensorType type) {
    return all(lowering, op, operands, List.of(type)).getFirst();
  }

  /// All results of `op`.
  static List<View> all(Lowering lowering, Op op, List<View> operands, List<TensorType> types) {
    List<View> reads = operands.stream().map(lowering::dense).toList();
    List<View> results = types.stream().map(lowering::fresh).toList();
    lowering.emit(
        new Action(
            reads,
            results.stream().map(result -> Action.Write.fresh(result.slot())).toList(),
            linkage -> kernel(op, linkage.tensors(reads), linkage.tensors(results))));
    return results;
  }

  private static Kernel kernel(Op op, List<Tensor> operands, List<Tensor> results) {
    return () -> {
      List<Literal> values = new ArrayList<>();
      for (Tensor operand : operands) {
        values.add(HostMemory.read(operand.view().type(), operand.address()));
      }
      List<Literal> computed = Interpreter.apply(op, List.of(), values);
      for (int i = 0; i < results.size(); i++) {
        HostMemory.write(computed.get(i).toStorage(), results.get(i).address());
      }
    };
  }
}
