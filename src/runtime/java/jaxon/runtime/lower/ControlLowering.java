package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Threefry;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileException;
import jaxon.runtime.kernel.HostLoop;
import jaxon.runtime.kernel.ThreefryRounds;
import jaxon.runtime.kernel.Walk;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.CarryPlaces;
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
      case ControlOp.ShardMap map ->
          throw new CompileException(
              "lowering",
              equation,
              "needs the "
                  + map.devices().size()
                  + " devices along "
                  + map.devices()
                  + "; this program is for one. Compile it for a mesh.");
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
            writes(results.stream().map(ControlLowering::fresh).toList(), List.of(workspace)),
            linkage -> {
              List<LinkedProgram> programs =
                  branches.stream().map(branch -> linkage.region(branch, workspace)).toList();
              return new CaseKernel(programs, linkage.tensors(reads), linkage.tensors(results));
            }));
  }

  private static void whileLoop(Lowering lowering, Equation equation) {
    List<View> init = lowering.operands(equation).stream().map(lowering::denseOfItsOwn).toList();
    Plan condition = lowering.region(equation.regions().get(0), new TreeSet<>(), 0);
    Plan body = lowering.region(equation.regions().get(1), range(0, init.size()), init.size());
    Slot conditionSpace = new Slot(condition.memory().arenaBytes());
    Slot bodySpace = new Slot(body.memory().arenaBytes());
    View predicate = lowering.fresh(TensorType.of(DType.I1));
    CarryPlaces places = CarryPlaces.of(body, 0, init.size());
    List<View> results = results(lowering, equation);
    List<Slot> scratch = new ArrayList<>(places.slots());
    scratch.addAll(List.of(conditionSpace, bodySpace, predicate.slot()));
    lowering.emit(
        new Action(
            init,
            writes(carryResults(init, 0, results, _ -> true), scratch),
            linkage -> {
              LinkedProgram step = linkage.region(body, bodySpace);
              LoopCarry carry =
                  new LoopCarry(
                      linkage, step, 0, places, linkage.tensors(init), linkage.tensors(results));
              return new WhileKernel(
                  linkage.region(condition, conditionSpace),
                  step,
                  carry,
                  linkage.tensor(predicate));
            }));
  }

  private static void scan(Lowering lowering, Equation equation, ControlOp.Scan scan) {
    int from = scan.consts();
    int to = from + scan.carries();
    List<View> reads = scanReads(lowering, equation, from, to);
    Lowering.LoopForm form = new Lowering.LoopForm(from, scan.carries());
    Plan body = lowering.body(equation.regions().getFirst(), range(from, to), form);
    Slot workspace = new Slot(body.memory().arenaBytes());
    CarryPlaces places = CarryPlaces.of(body, from, scan.carries());
    List<View> results = results(lowering, equation);
    List<Slot> fetched = ScanKernel.places(body);
    List<Slot> scratch = new ArrayList<>(places.slots());
    scratch.add(workspace);
    scratch.addAll(fetched);
    lowering.emit(
        new Action(
            reads,
            writes(
                carryResults(
                    reads.subList(0, to),
                    from,
                    results,
                    carry -> places.mayTakeOver(carry, scan.length())),
                scratch),
            linkage -> {
              LinkedProgram step = linkage.region(body, workspace);
              List<Tensor> operands = linkage.tensors(reads);
              List<Tensor> outputs = linkage.tensors(results);
              LoopCarry carry =
                  new LoopCarry(
                      linkage,
                      step,
                      from,
                      places,
                      operands.subList(from, to),
                      outputs.subList(0, scan.carries()));
              return new ScanKernel(
                  scan,
                  step,
                  carry,
                  operands,
                  outputs.subList(scan.carries(), outputs.size()),
                  linkage.scratch(fetched));
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

  /// Carries get memory of their own, so that their results can take it over.
  private static List<View> scanReads(Lowering lowering, Equation equation, int from, int to) {
    List<View> reads = new ArrayList<>();
    for (View operand : lowering.operands(equation)) {
      boolean isCarry = reads.size() >= from && reads.size() < to;
      reads.add(isCarry ? lowering.denseOfItsOwn(operand) : lowering.dense(operand));
    }
    return reads;
  }

  private static Action.Write fresh(View result) {
    return Action.Write.fresh(result.slot());
  }

  private static List<Action.Write> writes(List<Action.Write> results, List<Slot> scratch) {
    List<Action.Write> writes = new ArrayList<>(results);
    scratch.forEach(slot -> writes.add(Action.Write.fresh(slot)));
    return writes;
  }

  /// Results, of which the carries (by number) that `mayTakeOver` names may be put over their
  /// initial values, the reads from `from` on.
  private static List<Action.Write> carryResults(
      List<View> reads, int from, List<View> results, IntPredicate mayTakeOver) {
    List<Action.Write> writes =
        new ArrayList<>(results.stream().map(ControlLowering::fresh).toList());
    for (int i = from; i < reads.size(); i++) {
      View result = results.get(i - from);
      if (InPlace.of(reads, result).contains(i)
          && isReadOnce(reads, i)
          && mayTakeOver.test(i - from)) {
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
