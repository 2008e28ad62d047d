package jaxon.graph.infer;

import java.util.ArrayList;
import java.util.List;
import jaxon.graph.op.BlockSpec;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;

/// Types of the ops with regions.
final class ControlRules {
  private ControlRules() {}

  static List<TensorType> infer(ControlOp op, Check check, List<FunctionType> regions) {
    return switch (op) {
      case ControlOp.While _ -> whileLoop(check, regions);
      case ControlOp.Case _ -> caseOf(check, regions);
      case ControlOp.Scan scan -> scan(scan, check, regions);
      case ControlOp.Composite _, ControlOp.Remat _ -> call(check, regions);
      case ControlOp.CustomVjp _ -> customVjp(check, regions);
      case ControlOp.ShardMap map -> shardMap(map, check, regions);
    };
  }

  private static void regionCount(Check check, List<FunctionType> regions, int count) {
    check.require(regions.size() == count, () -> "takes " + count + " regions");
  }

  private static void takes(
      Check check, FunctionType region, List<TensorType> inputs, String what) {
    check.require(
        region.inputs().equals(inputs),
        () -> what + " must take " + inputs + ", takes " + region.inputs());
  }

  private static void gives(
      Check check, FunctionType region, List<TensorType> outputs, String what) {
    check.require(
        region.outputs().equals(outputs),
        () -> what + " must give " + outputs + ", gives " + region.outputs());
  }

  private static List<TensorType> whileLoop(Check check, List<FunctionType> regions) {
    regionCount(check, regions, 2);
    takes(check, regions.get(0), check.operands(), "the condition");
    gives(check, regions.get(0), List.of(TensorType.of(DType.I1)), "the condition");
    takes(check, regions.get(1), check.operands(), "the body");
    gives(check, regions.get(1), check.operands(), "the body");
    return check.operands();
  }

  private static List<TensorType> caseOf(Check check, List<FunctionType> regions) {
    check.require(!regions.isEmpty(), () -> "takes at least one branch");
    check.require(
        !check.operands().isEmpty() && check.operand(0).equals(TensorType.of(DType.I32)),
        () -> "the branch index must be a scalar i32");
    List<TensorType> args = check.operands().subList(1, check.operands().size());
    for (FunctionType branch : regions) {
      takes(check, branch, args, "each branch");
      gives(check, branch, regions.getFirst().outputs(), "each branch");
    }
    return regions.getFirst().outputs();
  }

  private static List<TensorType> scan(ControlOp.Scan op, Check check, List<FunctionType> regions) {
    regionCount(check, regions, 1);
    FunctionType body = regions.getFirst();
    int fixed = op.consts() + op.carries();
    check.require(check.operands().size() >= fixed, () -> "takes " + fixed + " consts and carries");
    List<TensorType> inputs = new ArrayList<>(check.operands().subList(0, fixed));
    for (TensorType xs : check.operands().subList(fixed, check.operands().size())) {
      check.require(
          xs.shape().rank() > 0 && xs.shape().dim(0) == op.length(),
          () -> "scanned operands need a leading dim of " + op.length() + ", not " + xs);
      inputs.add(xs.withShape(xs.shape().without(List.of(0))));
    }
    takes(check, body, inputs, "the body");
    List<TensorType> carry = check.operands().subList(op.consts(), fixed);
    check.require(
        body.outputs().size() >= op.carries()
            && body.outputs().subList(0, op.carries()).equals(carry),
        () -> "the body must give the carry " + carry + " first, gives " + body.outputs());
    List<TensorType> outputs = new ArrayList<>(carry);
    for (TensorType y : body.outputs().subList(op.carries(), body.outputs().size())) {
      outputs.add(y.withShape(y.shape().insert(0, op.length())));
    }
    return outputs;
  }

  private static List<TensorType> call(Check check, List<FunctionType> regions) {
    regionCount(check, regions, 1);
    takes(check, regions.getFirst(), check.operands(), "the region");
    return regions.getFirst().outputs();
  }

  private static List<TensorType> shardMap(
      ControlOp.ShardMap op, Check check, List<FunctionType> regions) {
    regionCount(check, regions, 1);
    FunctionType body = regions.getFirst();
    int inputs = op.inputs().size();
    int outputs = op.outputs().size();
    check.operandCount(inputs);
    check.require(
        body.outputs().size() == outputs,
        () -> "the body must give " + outputs + " results, gives " + body.outputs());
    List<TensorType> blocks = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      TensorType type = check.operand(i);
      requireWithin(op, op.inputs().get(i), check);
      blocks.add(type.withShape(op.inputs().get(i).local(type.shape())));
    }
    takes(check, body, blocks, "the body");
    List<TensorType> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      TensorType block = body.outputs().get(i);
      requireWithin(op, op.outputs().get(i), check);
      results.add(block.withShape(op.outputs().get(i).global(block.shape())));
    }
    return results;
  }

  private static void requireWithin(ControlOp.ShardMap op, BlockSpec spec, Check check) {
    check.require(
        op.devices().axes().containsAll(spec.axes()),
        () -> "spec " + spec + " names axes that are not of the devices " + op.devices());
  }

  private static List<TensorType> customVjp(Check check, List<FunctionType> regions) {
    regionCount(check, regions, 3);
    List<TensorType> outputs = regions.get(0).outputs();
    takes(check, regions.get(0), check.operands(), "the primal function");
    takes(check, regions.get(1), check.operands(), "the forward function");
    List<TensorType> forward = regions.get(1).outputs();
    check.require(
        forward.size() >= outputs.size() && forward.subList(0, outputs.size()).equals(outputs),
        () -> "the forward function must give " + outputs + " and residuals, gives " + forward);
    List<TensorType> backward = new ArrayList<>(forward.subList(outputs.size(), forward.size()));
    backward.addAll(outputs);
    takes(check, regions.get(2), backward, "the backward function");
    gives(check, regions.get(2), check.operands(), "the backward function");
    return outputs;
  }
}
