package jaxon.runtime.lower;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
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
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.DeviceCollectives;
import jaxon.runtime.kernel.CopyKernel;
import jaxon.runtime.kernel.HostLoop;
import jaxon.runtime.kernel.Walk;
import jaxon.runtime.plan.MemoryPlan;
import jaxon.runtime.plan.Step;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.program.Action;
import jaxon.runtime.program.InPlace;
import jaxon.runtime.program.Plan;
import jaxon.runtime.program.Slot;
import jaxon.runtime.program.View;

/// Turns a graph into a [Plan]: one equation after the other into views and actions.
///
/// Ops that only move elements become views where a view can say it; the copy is made when a
/// consumer cannot read the view, once per view.
public final class Lowering {
  private final Map<Var, View> views = new HashMap<>();
  private final Map<View, View> denseCopies = new HashMap<>();
  private final Map<View, View> widened = new HashMap<>();
  private final List<Action> actions = new ArrayList<>();
  private final List<Plan.Constant> constants = new ArrayList<>();

  private final OpLowerings ops;
  private final Optional<DeviceCollectives> collectives;

  /// What a body must know of the loop around it.
  ///
  /// @param consts inputs that are the same in each turn, the first ones
  /// @param carries inputs after them that change, and as many outputs; the other inputs are slices
  ///   of what the loop scans, the other outputs slices of what it stacks
  record LoopForm(int consts, int carries) {}

  private Lowering(OpLowerings ops, Optional<DeviceCollectives> collectives) {
    this.ops = ops;
    this.collectives = collectives;
  }

  /// The plan of `graph`; donated inputs may be overwritten once they are dead.
  public static Plan lower(Graph graph, CompileOptions options, OpLowerings ops) {
    return new Lowering(ops, options.collectives())
        .plan(graph, options.donated(), graph.outputs().size(), Optional.empty());
  }

  /// The plan of a region, of which only the first `takers` outputs may be put over donated inputs.
  Plan region(Graph region, SortedSet<Integer> donated, int takers) {
    return new Lowering(ops, collectives).plan(region, donated, takers, Optional.empty());
  }

  /// The plan of the body of a scan, whose carries may be put over each other.
  Plan body(Graph region, SortedSet<Integer> donated, LoopForm form) {
    return new Lowering(ops, collectives).plan(region, donated, form.carries(), Optional.of(form));
  }

  private Plan plan(Graph graph, SortedSet<Integer> donated, int takers, Optional<LoopForm> loop) {
    List<Slot> inputs = new ArrayList<>();
    for (Var input : graph.inputs()) {
      Slot slot = new Slot(input.type().bytes());
      inputs.add(slot);
      define(input, View.dense(slot, input.type()));
    }
    graph.equations().forEach(this::equation);
    List<Slot> outputs = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      View view = view(graph.outputs().get(i));
      // What may not be handed out where it is gets a place of its own; the copy is a kernel, which
      // uses all threads.
      int input = inputs.indexOf(view.slot());
      boolean stays =
          view.isWhole()
              && (input < 0 || (i < takers && donated.contains(input)))
              && !outputs.contains(view.slot())
              && !isConstant(view);
      outputs.add((stays ? view : copy(view)).slot());
    }
    boolean overlap = collectives.map(DeviceCollectives::overlap).orElse(false);
    CollectiveSchedule schedule =
        overlap
            ? CollectiveSchedule.of(actions, inputs, outputs, loop)
            : CollectiveSchedule.blocking(actions, inputs);
    MemoryPlan memory =
        MemoryPlan.of(
            keys(schedule.inputs()),
            steps(schedule.actions()),
            keys(outputs),
            donated,
            takers,
            keys(schedule.pinned()),
            key -> key.type().bytes());
    return new Plan(
        graph.name(),
        graph.type(),
        schedule.inputs(),
        schedule.actions(),
        outputs,
        constants,
        schedule.fetches(),
        schedule.late(),
        memory);
  }

  private boolean isConstant(View view) {
    return constants.stream().anyMatch(constant -> constant.slot() == view.slot());
  }

  private static List<Var> keys(List<Slot> slots) {
    return slots.stream().map(Slot::key).toList();
  }

  private DeviceCollectives collectives(CollectiveOp op) {
    return collectives.orElseThrow(() ->
        new IllegalStateException(
            op.opName()
                + " over the mesh axes "
                + op.group()
                + ": the program was compiled for a device without a mesh"));
  }

  /// The engine's ways to compute what is its own.
  OpLowerings ops() {
    return ops;
  }

  /// The result of an elementwise op as a view; dims that all operands repeat are repeated in it.
  public View elementwise(Op op, List<View> operands, TensorType type) {
    return ElementwiseLowering.apply(this, op, operands, type);
  }

  /// `x` converted to `dtype`; `x` itself if it has that dtype.
  public View converted(View x, DType dtype) {
    TensorType type = new TensorType(dtype, x.shape());
    return elementwise(new ElementwiseOp.Convert(dtype), List.of(x), type);
  }

  /// The result of a loop over chunks, which reads any strides and may be put over its operands.
  public View loop(List<View> reads, TensorType type, HostLoop.ChunkKernel kernel) {
    View z = fresh(type);
    List<View> all = new ArrayList<>(reads);
    all.add(z);
    emit(
        Action.of(
            reads,
            z,
            InPlace.of(reads, z),
            linkage ->
                new HostLoop(Walk.of(all), linkage.tensors(all), linkage.workers(), kernel)));
    return z;
  }

  /// A dense copy of `view` under another shape of as many elements.
  View reshapedCopy(View view, Shape shape) {
    View copy = copyOnce(view);
    return View.dense(copy.slot(), copy.dtype(), copy.offset(), shape);
  }

  private void equation(Equation equation) {
    int first = actions.size();
    lower(equation);
    for (int i = first; i < actions.size(); i++) {
      if (actions.get(i).work().equals(KernelWork.UNKNOWN)) {
        KernelWork work = Works.of(equation, actions.get(i), i + 1 == actions.size());
        actions.set(i, actions.get(i).doing(work));
      }
    }
  }

  private void lower(Equation equation) {
    switch (equation.op()) {
      case UnaryOp _, BinaryOp _, ElementwiseOp _ -> ElementwiseLowering.lower(this, equation);
      case SourceOp op -> SourceLowering.lower(this, equation, op);
      case ShapeOp op -> ShapeLowering.lower(this, equation, op);
      case IndexOp op -> IndexLowering.lower(this, equation, op);
      case ContractOp.DotGeneral dot -> DotLowering.lower(this, equation, dot);
      case ReduceOp.Reduce reduce -> ReduceLowering.lower(this, equation, reduce);
      case ControlOp op -> ControlLowering.lower(this, equation, op);
      case CollectiveOp op -> CollectiveLowering.lower(this, equation, op, collectives(op));
      case AnnotationOp _ -> {
        for (int i = 0; i < equation.outputs().size(); i++) {
          define(equation.outputs().get(i), view(equation.inputs().get(i)));
        }
      }
    }
  }

  /// Lowers `region` as a part of this graph.
  void inline(Equation equation, Graph region) {
    for (int i = 0; i < region.inputs().size(); i++) {
      define(region.inputs().get(i), view(equation.inputs().get(i)));
    }
    region.equations().forEach(this::equation);
    for (int i = 0; i < region.outputs().size(); i++) {
      define(equation.outputs().get(i), view(region.outputs().get(i)));
    }
  }

  /// The view that a value was lowered to.
  View view(Var var) {
    View view = views.get(var);
    if (view == null) {
      throw new IllegalStateException("value " + var + " is used before it is defined");
    }
    return view;
  }

  /// The views of an equation's operands.
  public List<View> operands(Equation equation) {
    return equation.inputs().stream().map(this::view).toList();
  }

  public void define(Var var, View view) {
    views.put(var, view);
  }

  /// A dense view of a new slot.
  public View fresh(TensorType type) {
    return View.dense(new Slot(type.bytes()), type);
  }

  /// A tensor without elements.
  View empty(TensorType type) {
    return constant(Literal.wrap(type, Literal.newStorage(type.dtype(), 0)));
  }

  /// A dense view of a new slot that holds `value`.
  View constant(Literal value) {
    View view = fresh(value.type());
    constants.add(new Plan.Constant(view.slot(), value));
    return view;
  }

  /// A scalar constant repeated to `shape`.
  View constant(DType dtype, double value, Shape shape) {
    return constant(Literal.splat(TensorType.of(dtype), value)).broadcast(shape, List.of());
  }

  public void emit(Action action) {
    actions.add(action);
  }

  /// Appends an action that computes one dense result from `reads` and may not overwrite them.
  public void emit(List<View> reads, View result, Action.Link link) {
    emit(Action.of(reads, result, List.of(), link));
  }

  /// `view`, or a dense copy of it.
  public View dense(View view) {
    return view.isDense() ? view : copyOnce(view);
  }

  /// `view`, or a dense copy of it that has no other consumer and may be overwritten.
  View denseOfItsOwn(View view) {
    return view.isDense() ? view : copy(view);
  }

  /// A dense copy of `view`, made once, also if the view is dense.
  View copyOnce(View view) {
    return denseCopies.computeIfAbsent(view, this::copy);
  }

  /// A view with the same elements that is dense but for dims that repeat.
  public View denseButRepeats(View view) {
    View squeezed = view.squeezed();
    return squeezed.isDense() ? view : dense(squeezed).expandedTo(view.shape());
  }

  /// A dense copy of `view` in a slot of its own.
  View copy(View view) {
    if (view.elements() == 0) {
      return empty(view.type());
    }
    View copy = fresh(view.type());
    Action action =
        Action.of(List.of(view), copy, List.of(), linkage -> CopyKernel.link(linkage, view, copy));
    emit(action.doing(Works.ofCopy(view.type())));
    return copy;
  }

  /// The view converted to float32, once for all its consumers.
  public View widened(View view) {
    if (view.dtype() == DType.F32) {
      return view;
    }
    View known = widened.get(view);
    if (known == null) {
      known = converted(view, DType.F32);
      widened.put(view, known);
    }
    return known;
  }

  private List<Step> steps(List<Action> ordered) {
    List<Step> steps = new ArrayList<>();
    for (Plan.Constant constant : constants) {
      Step.Write write = new Step.Write(constant.slot().key(), new Step.Placement.External());
      steps.add(new Step(List.of(), List.of(write)));
    }
    ordered.forEach(action -> steps.add(step(action)));
    return steps;
  }

  private static Step step(Action action) {
    List<Step.Write> writes = new ArrayList<>();
    for (Action.Write write : action.writes()) {
      Step.Placement placement =
          write.over().isEmpty()
              ? new Step.Placement.Fresh()
              : new Step.Placement.MayOverwrite(write.over());
      writes.add(new Step.Write(write.slot().key(), placement));
    }
    return new Step(keysOf(action.reads()), writes, keysOf(action.holds()), action.begins());
  }

  private static List<Var> keysOf(List<View> views) {
    return views.stream().map(view -> view.slot().key()).toList();
  }
}
