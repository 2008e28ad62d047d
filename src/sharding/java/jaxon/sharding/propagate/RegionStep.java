package jaxon.sharding.propagate;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.TensorSharding;

/// Carries shardings between an equation with regions and the values inside them.
final class RegionStep {
  private final Mesh mesh;
  private final Shardings shardings;
  private final Predicate<Graph> staged;

  /// @param staged the bodies of loops in which nothing is cut along the stages
  RegionStep(Mesh mesh, Shardings shardings, Predicate<Graph> staged) {
    this.mesh = mesh;
    this.shardings = shardings;
    this.staged = staged;
  }

  /// From operands to the inputs of the regions, before these are swept forward.
  void enter(ControlOp op, Equation equation) {
    List<Var> in = equation.inputs();
    switch (op) {
      case ControlOp.Scan scan -> scanInputs(scan, equation, true);
      case ControlOp.While _ -> {
        for (Graph region : equation.regions()) {
          same(in, region.inputs());
        }
        same(equation.regions().get(1).outputs(), equation.regions().get(1).inputs());
      }
      case ControlOp.Case _ ->
          equation.regions().forEach(branch -> same(in.subList(1, in.size()), branch.inputs()));
      case ControlOp.Composite _ -> compositeInputs(equation);
      case ControlOp.Remat _, ControlOp.CustomVjp _ ->
          same(in, equation.regions().getFirst().inputs());
      case ControlOp.ShardMap map -> manualInputs(map, equation, true);
    }
  }

  /// From the outputs of the regions to the results.
  void leave(ControlOp op, Equation equation) {
    List<Var> out = equation.outputs();
    switch (op) {
      case ControlOp.Scan scan -> scanOutputs(scan, equation, true);
      case ControlOp.While _ -> same(equation.regions().get(1).outputs(), out);
      case ControlOp.Case _ -> equation.regions().forEach(branch -> same(branch.outputs(), out));
      case ControlOp.Composite _ -> {
        for (int i = 0; i < out.size(); i++) {
          TensorSharding inner = shardings.of(equation.regions().getFirst().outputs().get(i));
          boolean tokens = isTiled(equation) && OrderFreeTokens.isResult(i);
          shardings.offer(out.get(i), tokens ? withoutTokens(inner) : inner);
        }
      }
      case ControlOp.Remat _, ControlOp.CustomVjp _ ->
          same(equation.regions().getFirst().outputs(), out);
      case ControlOp.ShardMap map -> manualOutputs(map, equation, false);
    }
  }

  /// From results to the outputs of the regions, before these are swept backward.
  void enterBackward(ControlOp op, Equation equation) {
    List<Var> out = equation.outputs();
    switch (op) {
      case ControlOp.Scan scan -> scanOutputs(scan, equation, false);
      case ControlOp.While _ -> {
        same(out, equation.regions().get(1).outputs());
        same(equation.regions().get(1).inputs(), equation.regions().get(1).outputs());
      }
      case ControlOp.Case _ -> equation.regions().forEach(branch -> same(out, branch.outputs()));
      case ControlOp.Composite _ -> compositeOutputs(equation);
      case ControlOp.Remat _, ControlOp.CustomVjp _ ->
          same(out, equation.regions().getFirst().outputs());
      case ControlOp.ShardMap map -> manualOutputs(map, equation, true);
    }
  }

  /// From the inputs of the regions to the operands.
  void leaveBackward(ControlOp op, Equation equation) {
    List<Var> in = equation.inputs();
    switch (op) {
      case ControlOp.Scan scan -> scanInputs(scan, equation, false);
      case ControlOp.While _ -> same(equation.regions().get(1).inputs(), in);
      case ControlOp.Case _ ->
          equation.regions().forEach(branch -> same(branch.inputs(), in.subList(1, in.size())));
      case ControlOp.Composite _ -> {
        for (int i = 0; i < in.size(); i++) {
          TensorSharding inner = shardings.of(equation.regions().getFirst().inputs().get(i));
          boolean tokens = isTiled(equation) && OrderFreeTokens.isOperand(i);
          shardings.offer(in.get(i), tokens ? withoutTokens(inner) : inner);
        }
      }
      case ControlOp.Remat _, ControlOp.CustomVjp _ ->
          same(equation.regions().getFirst().inputs(), in);
      case ControlOp.ShardMap map -> manualInputs(map, equation, false);
    }
  }

  private void manualInputs(ControlOp.ShardMap op, Equation equation, boolean inward) {
    List<Var> blocks = equation.regions().getFirst().inputs();
    ManualRegions.carry(op, equation.inputs(), blocks, op.inputs(), inward, shardings, mesh);
  }

  private void manualOutputs(ControlOp.ShardMap op, Equation equation, boolean inward) {
    List<Var> blocks = equation.regions().getFirst().outputs();
    ManualRegions.carry(op, equation.outputs(), blocks, op.outputs(), inward, shardings, mesh);
  }

  private void same(List<Var> from, List<Var> to) {
    for (int i = 0; i < from.size(); i++) {
      shardings.offer(to.get(i), shardings.of(from.get(i)));
    }
  }

  private void scanInputs(ControlOp.Scan op, Equation equation, boolean inward) {
    List<Var> outside = equation.inputs();
    Graph body = equation.regions().getFirst();
    int fixed = op.consts() + op.carries();
    List<Var> inside = body.inputs();
    List<Var> carry = inside.subList(op.consts(), fixed);
    if (inward) {
      enter(outside.subList(0, fixed), inside.subList(0, fixed), body);
      same(body.outputs().subList(0, op.carries()), carry);
    } else if (staged.test(body)) {
      same(equation.outputs().subList(0, op.carries()), outside.subList(op.consts(), fixed));
    } else {
      same(inside.subList(0, fixed), outside.subList(0, fixed));
    }
    rows(
        outside.subList(fixed, outside.size()),
        inside.subList(fixed, inside.size()),
        equation,
        inward);
  }

  private void enter(List<Var> outside, List<Var> inside, Graph body) {
    for (int i = 0; i < outside.size(); i++) {
      shardings.offer(inside.get(i), within(body, shardings.of(outside.get(i))));
    }
  }

  /// What may be cut within a loop's body as `outside` is cut.
  private TensorSharding within(Graph body, TensorSharding outside) {
    return staged.test(body) ? outside.without(MeshAxis.STAGE) : outside;
  }

  private void scanOutputs(ControlOp.Scan op, Equation equation, boolean outward) {
    List<Var> outside = equation.outputs();
    Graph body = equation.regions().getFirst();
    List<Var> inside = body.outputs();
    List<Var> carry = body.inputs().subList(op.consts(), op.consts() + op.carries());
    if (outward && staged.test(body)) {
      // Inside, rows are cut less: what goes in is the better model of what comes out.
      int fixed = op.consts() + op.carries();
      same(equation.inputs().subList(op.consts(), fixed), outside.subList(0, op.carries()));
    } else if (outward) {
      same(inside.subList(0, op.carries()), outside.subList(0, op.carries()));
      same(carry, outside.subList(0, op.carries()));
    } else {
      enter(outside.subList(0, op.carries()), inside.subList(0, op.carries()), body);
      same(carry, inside.subList(0, op.carries()));
    }
    rows(
        outside.subList(op.carries(), outside.size()),
        inside.subList(op.carries(), inside.size()),
        equation,
        !outward);
  }

  /// Between stacked values and their slices. The stacking dim itself is none of the slices'.
  private void rows(List<Var> stacked, List<Var> slices, Equation equation, boolean inward) {
    Graph body = equation.regions().getFirst();
    for (int i = 0; i < stacked.size(); i++) {
      if (inward) {
        TensorSharding row = shardings.of(stacked.get(i)).withoutFirst();
        shardings.offer(slices.get(i), within(body, row));
      } else {
        long length = stacked.get(i).type().shape().dim(0);
        shardings.offer(stacked.get(i), shardings.of(slices.get(i)).prepend(length));
      }
    }
  }

  private void compositeInputs(Equation equation) {
    Optional<Long> tiles = OrderFreeTokens.tiles(equation);
    List<Var> inside = equation.regions().getFirst().inputs();
    for (int i = 0; i < inside.size(); i++) {
      TensorSharding given = shardings.of(equation.inputs().get(i));
      TensorSharding outer = AttentionKeys.inner(equation, i, given);
      boolean tokens = tiles.isPresent() && OrderFreeTokens.isOperand(i);
      shardings.offer(
          inside.get(i), tokens ? OrderFreeTokens.inner(outer, tiles.get(), mesh) : outer);
    }
  }

  private void compositeOutputs(Equation equation) {
    Optional<Long> tiles = OrderFreeTokens.tiles(equation);
    List<Var> inside = equation.regions().getFirst().outputs();
    for (int i = 0; i < inside.size(); i++) {
      TensorSharding outer = shardings.of(equation.outputs().get(i));
      boolean tokens = tiles.isPresent() && OrderFreeTokens.isResult(i);
      shardings.offer(
          inside.get(i), tokens ? OrderFreeTokens.inner(outer, tiles.get(), mesh) : outer);
    }
  }

  private static boolean isTiled(Equation equation) {
    return OrderFreeTokens.tiles(equation).isPresent();
  }

  private static TensorSharding withoutTokens(TensorSharding inner) {
    return inner.with(0, DimSharding.whole(inner.dim(0).size()));
  }
}
