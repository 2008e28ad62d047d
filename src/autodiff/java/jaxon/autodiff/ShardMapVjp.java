package jaxon.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.BlockSpec;
import jaxon.graph.op.ControlOp;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Collectives;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// Manual regions: one forward that also gives what the pullback reads, one for the pullback.
///
/// A region is linear algebra on the blocks of all devices together. An operand that devices share
/// is a copy for each of them, so its cotangent is the sum of theirs; a result that they share is
/// taken from all of them in equal parts. What the pullback reads of a device is kept as that
/// device's row of a tensor with one row per device.
final class ShardMapVjp {
  private final ControlOp.ShardMap op;
  private final Graph body;
  private final List<Array> operands;
  private final List<Boolean> wanted;

  /// The results that have cotangents.
  private final int[] active;

  /// For each value that the pullback reads the operand that it is, or -1 for a kept row.
  private final List<Integer> origins = new ArrayList<>();

  private final List<Graph> pullback = new ArrayList<>();

  private ShardMapVjp(
      ControlOp.ShardMap op, Graph body, List<Array> operands, List<Boolean> marked) {
    this.op = op;
    this.body = body;
    this.operands = operands;
    wanted = new ArrayList<>();
    for (int i = 0; i < marked.size(); i++) {
      wanted.add(marked.get(i) && body.inputs().get(i).type().dtype().isFloat());
    }
    List<Boolean> depend = Activity.outputs(body, wanted);
    active = IntStream.range(0, depend.size()).filter(depend::get).toArray();
  }

  static RegionRules.Forward forward(
      ControlOp.ShardMap op, Equation equation, List<Array> operands, List<Boolean> active) {
    Graph body = equation.regions().getFirst();
    return new ShardMapVjp(op, body, operands, active).run(equation);
  }

  private RegionRules.Forward run(Equation equation) {
    Graph region = Tracer.traceClosed("shard_map_forward", body.inputTypes(), this::traceBodies);
    List<BlockSpec> outputs = new ArrayList<>(op.outputs());
    int results = outputs.size();
    for (TensorType row : region.outputTypes().subList(results, region.outputs().size())) {
      outputs.add(BlockSpec.cut(row.shape().rank(), 0, op.devices()));
    }
    ControlOp.ShardMap map = new ControlOp.ShardMap(op.devices(), op.inputs(), outputs);
    List<Array> all = Tracer.current().emit(map, operands, List.of(region), equation.source());
    List<Array> rows = all.subList(results, all.size());
    return new RegionRules.Forward(
        all.subList(0, results), cotangents -> pull(cotangents, rows, equation));
  }

  /// Traces the body and, nested in it, its pullback; gives the body's results and the rows.
  private List<Array> traceBodies(List<Array> args) {
    Linearization linear = Linearization.of(body, args, wanted);
    List<TensorType> types =
        IntStream.of(active).mapToObj(i -> body.outputs().get(i).type()).toList();
    Tracer.Traced pulled =
        Tracer.trace("shard_map_pullback", types, cotangents -> pullBody(linear, cotangents));
    List<Array> outputs = new ArrayList<>(linear.outputs());
    for (Array capture : pulled.captures()) {
      int input = args.indexOf(capture);
      origins.add(input);
      if (input < 0) {
        outputs.add(capture.expandDims(0));
      }
    }
    pullback.add(pulled.graph());
    return outputs;
  }

  private List<Array> pullBody(Linearization linear, List<Array> cotangents) {
    List<@Nullable Array> all = new ArrayList<>();
    body.outputs().forEach(_ -> all.add(null));
    for (int i = 0; i < active.length; i++) {
      all.set(active[i], cotangents.get(i));
    }
    List<@Nullable Array> found = linear.pullback(all);
    return wantedInputs()
        .mapToObj(i -> Cotangents.orZeros(found.get(i), body.inputs().get(i).type()))
        .toList();
  }

  private IntStream wantedInputs() {
    return IntStream.range(0, wanted.size()).filter(wanted::get);
  }

  private List<@Nullable Array> pull(
      List<@Nullable Array> cotangents, List<Array> rows, Equation equation) {
    List<Array> args = new ArrayList<>();
    List<BlockSpec> inputs = new ArrayList<>();
    int row = 0;
    for (int origin : origins) {
      args.add(origin < 0 ? rows.get(row++) : operands.get(origin));
      inputs.add(
          origin < 0
              ? BlockSpec.cut(args.getLast().rank(), 0, op.devices())
              : op.inputs().get(origin));
    }
    for (int i : active) {
      args.add(Cotangents.orZeros(cotangents.get(i), equation.outputs().get(i).type()));
      inputs.add(op.outputs().get(i));
    }
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      TensorType type = args.get(i).type();
      types.add(type.withShape(inputs.get(i).local(type.shape())));
    }
    Graph region = Tracer.traceClosed("shard_map_backward", types, this::runPullback);
    List<BlockSpec> outputs = wantedInputs().mapToObj(i -> op.inputs().get(i)).toList();
    ControlOp.ShardMap map = new ControlOp.ShardMap(op.devices(), inputs, outputs);
    List<Array> found = Tracer.current().emit(map, args, List.of(region), equation.source());
    List<@Nullable Array> all = Linearization.none(equation);
    int[] indices = wantedInputs().toArray();
    for (int i = 0; i < indices.length; i++) {
      all.set(indices[i], found.get(i));
    }
    return all;
  }

  /// From `(values read…, cotangents of active results…)` to cotangents of wanted operands.
  private List<Array> runPullback(List<Array> blocks) {
    List<Array> args = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Array block = blocks.get(i);
      if (i >= origins.size()) {
        int copies = replicas(op.outputs().get(active[i - origins.size()])).size();
        args.add(copies == 1 ? block : block.div(copies));
      } else {
        args.add(origins.get(i) < 0 ? block.squeeze(0) : block);
      }
    }
    List<Array> found = Tracer.current().inline(pullback.getFirst(), args);
    int[] indices = wantedInputs().toArray();
    return IntStream.range(0, indices.length)
        .mapToObj(i -> Collectives.allReduce(found.get(i), replicas(op.inputs().get(indices[i]))))
        .toList();
  }

  private AxisGroup replicas(BlockSpec spec) {
    return spec.replicas(op.devices());
  }
}
