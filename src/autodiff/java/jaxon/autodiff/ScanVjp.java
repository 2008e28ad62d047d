package jaxon.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// A scan is pulled back by a scan in the other direction.
///
/// The forward scan also stacks what the backward body reads (its residuals). Residuals that are
/// constants or slices of scanned operands are not stacked but given to the backward scan as they
/// are. The backward carry is the cotangents of the carry, then the sums of the cotangents of the
/// constants.
final class ScanVjp {
  private final ControlOp.Scan op;
  private final Graph body;
  private final List<Array> operands;

  /// Which body inputs get cotangents, with carries marked when any step makes them active.
  private final List<Boolean> wanted;

  private final List<Boolean> activeOutputs;

  private ScanVjp(
      ControlOp.Scan op, Equation equation, List<Array> operands, List<Boolean> active) {
    this.op = op;
    this.body = equation.regions().getFirst();
    this.operands = operands;
    this.wanted = fixpoint(op, body, active);
    this.activeOutputs = Activity.outputs(body, wanted);
  }

  static List<Boolean> activeOutputs(ControlOp.Scan op, Equation equation, List<Boolean> operands) {
    Graph body = equation.regions().getFirst();
    List<Boolean> wanted = fixpoint(op, body, operands);
    List<Boolean> outputs = new ArrayList<>(Activity.outputs(body, wanted));
    // A carry that starts active is active even when the body does not pass it on.
    for (int i = 0; i < op.carries(); i++) {
      outputs.set(i, outputs.get(i) || wanted.get(op.consts() + i));
    }
    return outputs;
  }

  /// Marks carries until what the body makes active is what it takes as active.
  private static List<Boolean> fixpoint(ControlOp.Scan op, Graph body, List<Boolean> active) {
    List<Boolean> wanted = new ArrayList<>();
    for (int i = 0; i < active.size(); i++) {
      wanted.add(active.get(i) && body.inputs().get(i).type().dtype().isFloat());
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      List<Boolean> outputs = Activity.outputs(body, wanted);
      for (int i = 0; i < op.carries(); i++) {
        if (outputs.get(i) && !wanted.get(op.consts() + i)) {
          wanted.set(op.consts() + i, true);
          changed = true;
        }
      }
    }
    return wanted;
  }

  static RegionRules.Forward forward(
      ControlOp.Scan op, Equation equation, List<Array> operands, List<Boolean> active) {
    return new ScanVjp(op, equation, operands, active).run(equation);
  }

  /// Where the backward body gets a residual from.
  private enum Origin {
    CONST,
    SCANNED,
    STACKED
  }

  private record Residual(Origin origin, int index) {}

  private RegionRules.Forward run(Equation equation) {
    List<Residual> residuals = new ArrayList<>();
    List<Graph> backward = new ArrayList<>();
    Graph forwardBody =
        Tracer.traceClosed(
            "scan_forward", body.inputTypes(), args -> traceBodies(args, residuals, backward));
    ControlOp.Scan forwardOp =
        new ControlOp.Scan(op.length(), op.consts(), op.carries(), op.reverse());
    List<Array> all =
        Tracer.current().emit(forwardOp, operands, List.of(forwardBody), equation.source());
    int results = body.outputs().size();
    List<Array> stacked = all.subList(results, all.size());
    Graph backwardBody = backward.getFirst();
    Pullback pullback = cotangents -> pull(cotangents, residuals, stacked, backwardBody, equation);
    return new RegionRules.Forward(all.subList(0, results), pullback);
  }

  /// Traces the body and, nested in it, its pullback; returns the body's results and the residuals
  /// to stack.
  private List<Array> traceBodies(
      List<Array> args, List<Residual> residuals, List<Graph> backward) {
    Linearization linear = Linearization.of(body, args, wanted);
    Tracer.Traced pulled =
        Tracer.trace("scan_backward", cotangentTypes(), cts -> pullBody(linear, cts, args));
    List<Array> outputs = new ArrayList<>(linear.outputs());
    int stacked = 0;
    int firstScanned = op.consts() + op.carries();
    for (Array capture : pulled.captures()) {
      int input = args.indexOf(capture);
      if (input >= 0 && input < op.consts()) {
        residuals.add(new Residual(Origin.CONST, input));
      } else if (input >= firstScanned) {
        residuals.add(new Residual(Origin.SCANNED, input));
      } else {
        residuals.add(new Residual(Origin.STACKED, stacked++));
        outputs.add(capture);
      }
    }
    backward.add(pulled.graph());
    return outputs;
  }

  /// Types of the body results that have cotangents.
  private List<TensorType> cotangentTypes() {
    return activeOutputIndices().mapToObj(i -> body.outputs().get(i).type()).toList();
  }

  private IntStream activeOutputIndices() {
    return IntStream.range(0, body.outputs().size())
        .filter(i -> i < op.carries() ? wanted.get(op.consts() + i) : activeOutputs.get(i));
  }

  private IntStream wantedInputs(int from, int to) {
    return IntStream.range(from, to).filter(wanted::get);
  }

  /// The backward body's core: cotangents of active results to those of wanted inputs, in their
  /// orders.
  private List<Array> pullBody(Linearization linear, List<Array> cts, List<Array> args) {
    List<@Nullable Array> cotangents = new ArrayList<>();
    body.outputs().forEach(_ -> cotangents.add(null));
    int[] active = activeOutputIndices().toArray();
    for (int i = 0; i < active.length; i++) {
      cotangents.set(active[i], cts.get(i));
    }
    List<@Nullable Array> inputs = linear.pullback(cotangents);
    return wantedInputs(0, args.size())
        .mapToObj(i -> Cotangents.orZeros(inputs.get(i), body.inputs().get(i).type()))
        .toList();
  }

  private List<@Nullable Array> pull(
      List<@Nullable Array> cotangents,
      List<Residual> residuals,
      List<Array> stacked,
      Graph backwardBody,
      Equation equation) {
    int fixed = op.consts() + op.carries();
    List<Array> consts = new ArrayList<>();
    List<Array> carry = new ArrayList<>();
    List<Array> xs = new ArrayList<>();
    for (Residual residual : residuals) {
      switch (residual.origin()) {
        case CONST -> consts.add(operands.get(residual.index()));
        case SCANNED -> xs.add(operands.get(residual.index()));
        case STACKED -> xs.add(stacked.get(residual.index()));
      }
    }
    int residualSlices = xs.size();
    int[] active = activeOutputIndices().toArray();
    for (int i : active) {
      TensorType type = equation.outputs().get(i).type();
      (i < op.carries() ? carry : xs).add(Cotangents.orZeros(cotangents.get(i), type));
    }
    int activeCarries = carry.size();
    wantedInputs(0, op.consts()).forEach(i -> carry.add(Ops.zeros(operands.get(i).type())));
    Layout layout =
        new Layout(residuals, consts.size(), activeCarries, carry.size(), residualSlices);
    List<Array> all = new ArrayList<>(consts);
    all.addAll(carry);
    all.addAll(xs);
    Graph step = backwardStep(layout, all, backwardBody);
    ControlOp.Scan backwardOp =
        new ControlOp.Scan(op.length(), consts.size(), carry.size(), !op.reverse());
    List<Array> results = Tracer.current().emit(backwardOp, all, List.of(step), equation.source());
    return collect(results, activeCarries, carry.size(), fixed);
  }

  /// How the backward scan's operands are laid out.
  private record Layout(
      List<Residual> residuals, int consts, int carryCts, int carries, int residualSlices) {}

  /// One backward step: `(consts…, carry cts…, const sums…, residual slices…, y cts…)`.
  private Graph backwardStep(Layout layout, List<Array> operands, Graph backwardBody) {
    List<TensorType> types = new ArrayList<>();
    int firstSlice = layout.consts() + layout.carries();
    for (int i = 0; i < operands.size(); i++) {
      TensorType type = operands.get(i).type();
      types.add(i < firstSlice ? type : type.withShape(type.shape().without(List.of(0))));
    }
    return Tracer.traceClosed(
        "scan_backward",
        types,
        args -> {
          List<Array> cts = new ArrayList<>();
          int nextConst = 0;
          int nextSlice = firstSlice;
          for (Residual residual : layout.residuals()) {
            cts.add(args.get(residual.origin() == Origin.CONST ? nextConst++ : nextSlice++));
          }
          cts.addAll(args.subList(layout.consts(), layout.consts() + layout.carryCts()));
          cts.addAll(args.subList(firstSlice + layout.residualSlices(), args.size()));
          List<Array> inputs = Tracer.current().inline(backwardBody, cts);
          return accumulate(inputs, args, layout);
        });
  }

  /// Body cotangents `(const cts…, carry cts…, x cts…)` to step results `(carry cts…, const sums…,
  /// x cts…)`.
  private List<Array> accumulate(List<Array> inputs, List<Array> args, Layout layout) {
    int constCts = layout.carries() - layout.carryCts();
    List<Array> results = new ArrayList<>(inputs.subList(constCts, constCts + layout.carryCts()));
    int firstSum = layout.consts() + layout.carryCts();
    for (int i = 0; i < constCts; i++) {
      results.add(args.get(firstSum + i).add(inputs.get(i)));
    }
    results.addAll(inputs.subList(constCts + layout.carryCts(), inputs.size()));
    return results;
  }

  /// Spreads `(carry cts…, const sums…, x cts…)` over the operands.
  private List<@Nullable Array> collect(List<Array> results, int carryCts, int carries, int fixed) {
    List<@Nullable Array> all = new ArrayList<>();
    operands.forEach(_ -> all.add(null));
    int[] constIndices = wantedInputs(0, op.consts()).toArray();
    int[] carryIndices = wantedInputs(op.consts(), fixed).toArray();
    int[] xIndices = wantedInputs(fixed, operands.size()).toArray();
    for (int i = 0; i < carryIndices.length; i++) {
      all.set(carryIndices[i], results.get(i));
    }
    for (int i = 0; i < constIndices.length; i++) {
      all.set(constIndices[i], results.get(carryCts + i));
    }
    for (int i = 0; i < xIndices.length; i++) {
      all.set(xIndices[i], results.get(carries + i));
    }
    return all;
  }
}
