package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.kernel.HostLoop;
import jaxon.runtime.kernel.ThreefryRounds;
import jaxon.runtime.kernel.Walk;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.CaseKernel;
import jaxon.runtime.program.InPlace;
import jaxon.runtime.program.LinkedProgram;
import jaxon.runtime.program.LoopCarry;
import jaxon.runtime.program.Plan;
import jaxon.runtime.program.ScanKernel;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.Tensor;
import jaxon.runtime.program.View;
import jaxon.runtime.program.WhileKernel;

/// Ops with regions: each region is lowered once to a plan of its own, whose temporaries lie in
/// scratch memory of the equation.
final class ControlLowering {
  private ControlLowering() {}

  static void lower(Lowering lowering, Equation equation, ControlOp op) {
    switch (op) {
      case ControlOp.While _ -> whileLoop(lowering, equation);
      case ControlOp.Case _ -> caseOf(lowering, equation);
      case ControlOp.Scan scan -> scan(lowering, equation, scan);
      case ControlOp.Composite composite -> {
        if (composite.name().equals(Threefry.COMPOSITE)) {
          threefry(lowering, equation);
        } else if (!lowering.ops().composite(lowering, equation, composite)) {
          lowering.inline(equation, equation.regions().getFirst());
        }
      }
      case ControlOp.CustomVjp _, ControlOp.Remat _ ->
          lowering.inline(equation, equation.regions().getFirst());
    }
  }

  private static void threefry(Lowering lowering, Equation equation) {
    List<View> reads = lowering.operands(equation);
    TensorType type = equation.outputs().getFirst().type();
    if (type.shape().elements() == 0) {
      equation.outputs().forEach(var -> lowering.define(var, lowering.empty(type)));
      return;
    }
    List<View> all = new ArrayList<>(reads);
    List<Action.Write> writes = new ArrayList<>();
    for (Var output : equation.outputs()) {
      View z = lowering.fresh(type);
      all.add(z);
      writes.add(Action.Write.fresh(z.slot()));
      lowering.define(output, z);
    }
    lowering.emit(
        new Action(
            reads,
            writes,
            linkage ->
                new HostLoop(
                    Walk.of(all), linkage.tensors(all), linkage.workers(), ThreefryRounds::run)));
  }

  private static void caseOf(Lowering lowering, Equation equation) {
    List<View> reads = lowering.operands(equation).stream().map(lowering::dense).toList();
    List<Plan> branches = new ArrayList<>();
    long scratch = 0;
    for (Graph region : equation.regions()) {
      Plan branch = lowering.region(region, new TreeSet<>(), 0);
      branches.add(branch);
      scratch = Math.max(scratch, branch.memory().arenaBytes());
    }
    Slot workspace = new Slot(scratch);
    List<View> results = results(lowering, equation);
    lowering.emit(
        new Action(
            reads,
            writes(results, List.of(workspace)),
            linkage -> {
              List<LinkedProgram> programs =
                  branches.stream().map(branch -> linkage.region(branch, workspace)).toList();
              return new CaseKernel(programs, linkage.tensors(reads), linkage.tensors(results));
            }));
  }

  private static void whileLoop(Lowering lowering, Equation equation) {
    List<View> init = lowering.operands(equation).stream().map(lowering::dense).toList();
    Plan condition = lowering.region(equation.regions().get(0), new TreeSet<>(), 0);
    Plan body = lowering.region(equation.regions().get(1), range(0, init.size()), init.size());
    Slot conditionSpace = new Slot(condition.memory().arenaBytes());
    Slot bodySpace = new Slot(body.memory().arenaBytes());
    View predicate = lowering.fresh(TensorType.of(DType.I1));
    List<Slot> spares = spares(body, init.size());
    List<View> results = results(lowering, equation);
    List<Slot> scratch = new ArrayList<>(spares);
    scratch.addAll(List.of(conditionSpace, bodySpace, predicate.slot()));
    lowering.emit(
        new Action(
            init,
            carryWrites(init, 0, results, scratch),
            linkage -> {
              LinkedProgram step = linkage.region(body, bodySpace);
              LoopCarry carry =
                  new LoopCarry(
                      step,
                      0,
                      linkage.tensors(init),
                      linkage.tensors(results),
                      linkage.scratch(spares));
              return new WhileKernel(
                  linkage.region(condition, conditionSpace),
                  step,
                  carry,
                  linkage.tensor(predicate));
            }));
  }

  private static void scan(Lowering lowering, Equation equation, ControlOp.Scan scan) {
    List<View> reads = lowering.operands(equation).stream().map(lowering::dense).toList();
    int from = scan.consts();
    int to = from + scan.carries();
    Plan body = lowering.region(equation.regions().getFirst(), range(from, to), scan.carries());
    Slot workspace = new Slot(body.memory().arenaBytes());
    List<Slot> spares = spares(body, scan.carries());
    List<View> results = results(lowering, equation);
    List<Slot> scratch = new ArrayList<>(spares);
    scratch.add(workspace);
    lowering.emit(
        new Action(
            reads,
            carryWrites(reads.subList(0, to), from, results, scratch),
            linkage -> {
              LinkedProgram step = linkage.region(body, workspace);
              List<Tensor> operands = linkage.tensors(reads);
              List<Tensor> outputs = linkage.tensors(results);
              LoopCarry carry =
                  new LoopCarry(
                      step,
                      from,
                      operands.subList(from, to),
                      outputs.subList(0, scan.carries()),
                      linkage.scratch(spares));
              return new ScanKernel(
                  scan, step, carry, operands, outputs.subList(scan.carries(), outputs.size()));
            }));
  }

  private static SortedSet<Integer> range(int from, int to) {
    SortedSet<Integer> range = new TreeSet<>();
    for (int i = from; i < to; i++) {
      range.add(i);
    }
    return range;
  }

  private static List<View> results(Lowering lowering, Equation equation) {
    List<View> results = new ArrayList<>();
    for (Var output : equation.outputs()) {
      View view = lowering.fresh(output.type());
      lowering.define(output, view);
      results.add(view);
    }
    return results;
  }

  /// Second places for the carries that a body does not update in place; empty for the others.
  private static List<Slot> spares(Plan body, int carries) {
    List<Slot> spares = new ArrayList<>();
    for (int i = 0; i < carries; i++) {
      spares.add(new Slot(body.needsPlace(i) ? body.type().outputs().get(i).bytes() : 0));
    }
    return spares;
  }

  private static List<Action.Write> writes(List<View> results, List<Slot> scratch) {
    List<Action.Write> writes = new ArrayList<>();
    results.forEach(result -> writes.add(Action.Write.fresh(result.slot())));
    scratch.forEach(slot -> writes.add(Action.Write.fresh(slot)));
    return writes;
  }

  /// Results, of which the carries may be put over their initial values.
  private static List<Action.Write> carryWrites(
      List<View> reads, int from, List<View> results, List<Slot> scratch) {
    List<Action.Write> writes = new ArrayList<>(writes(results, scratch));
    for (int i = from; i < reads.size(); i++) {
      View result = results.get(i - from);
      if (InPlace.of(reads, result).contains(i) && isReadOnce(reads, i)) {
        writes.set(i - from, new Action.Write(result.slot(), List.of(i)));
      }
    }
    return writes;
  }

  private static boolean isReadOnce(List<View> reads, int index) {
    Slot slot = reads.get(index).slot();
    return reads.stream().filter(read -> read.slot() == slot).count() == 1;
  }
}
