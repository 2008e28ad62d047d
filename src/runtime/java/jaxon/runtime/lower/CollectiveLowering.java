package jaxon.runtime.lower;

import java.util.List;
import jaxon.collective.Communicator;
import jaxon.graph.Equation;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.type.Literal;
import jaxon.runtime.DeviceCollectives;
import jaxon.runtime.pass.LeadCollectives;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.InPlace;
import jaxon.runtime.program.View;

/// Collectives: a call to the devices of the group, on dense memory.
///
/// Pieces of the devices lie one after the other, so [LeadCollectives] has made dim 0 the one that
/// is cut or joined.
final class CollectiveLowering {
  private CollectiveLowering() {}

  static void lower(
      Lowering lowering, Equation equation, CollectiveOp op, DeviceCollectives collectives) {
    if (op instanceof CollectiveOp.AxisIndex) {
      int place = collectives.place(op.group());
      lowering.define(
          equation.output(),
          lowering.constant(Literal.wrap(equation.output().type(), new int[] {place})));
      return;
    }
    if (!LeadCollectives.isLeading(op)) {
      throw new IllegalStateException(
          op.opName() + " of " + equation.output().type() + " does not join or cut dim 0");
    }
    View x = lowering.view(equation.inputs().getFirst());
    if (x.elements() == 0 || equation.output().type().shape().elements() == 0) {
      lowering.define(equation.output(), lowering.empty(equation.output().type()));
      return;
    }
    View read = lowering.dense(x);
    View result = lowering.fresh(equation.output().type());
    Communicator communicator = collectives.communicator(op.group());
    List<Integer> over =
        op instanceof CollectiveOp.AllReduce ? InPlace.of(List.of(read), result) : List.of();
    KernelWork work = Works.ofTransfer(op, read.type(), result.type());
    lowering.emit(
        Action.of(
            read,
            result,
            over,
            linkage ->
                new CollectiveTransfer(
                    op, communicator, linkage.tensor(read), linkage.tensor(result), work),
            work));
    lowering.define(equation.output(), result);
  }
}
