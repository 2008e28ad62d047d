package jaxon.graph.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.BlockSpec;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.RematPolicy;
import jaxon.graph.type.DType;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;

/// Control flow and regions on flat lists of arrays; `jaxon.graph.tree` has the same on trees.
///
/// Region functions may use arrays of the enclosing trace freely.
public final class Control {
  private Control() {}

  /// Results of a scan: the last carry and the stacked outputs of each step.
  public record ScanResult(List<Array> carry, List<Array> ys) {}

  /// Folds `body: (carry, x slices) -> (carry, y slices)` over the leading dim (`length`) of all
  /// `xs`.
  public static ScanResult scan(
      long length,
      boolean reverse,
      List<Array> init,
      List<Array> xs,
      BiFunction<List<Array>, List<Array>, ScanResult> body) {
    List<TensorType> inputs = new ArrayList<>(types(init));
    for (Array x : xs) {
      inputs.add(x.type().withShape(x.shape().without(List.of(0))));
    }
    int carries = init.size();
    Tracer.Traced traced =
        Tracer.trace(
            "scan_body",
            inputs,
            args -> {
              ScanResult step =
                  body.apply(args.subList(0, carries), args.subList(carries, args.size()));
              return concat(step.carry(), step.ys());
            });
    List<Array> operands = concat(traced.captures(), concat(init, xs));
    ControlOp.Scan op = new ControlOp.Scan(length, traced.captures().size(), carries, reverse);
    List<Array> results = Tracer.current().emit(op, operands, List.of(traced.graph()));
    return new ScanResult(results.subList(0, carries), results.subList(carries, results.size()));
  }

  /// Repeats `body` while `condition` (a scalar `i1`) holds on the carry.
  public static List<Array> whileLoop(
      List<Array> init, Function<List<Array>, Array> condition, UnaryOperator<List<Array>> body) {
    List<TensorType> types = types(init);
    Tracer.Traced cond =
        Tracer.trace("while_cond", types, carry -> List.of(condition.apply(carry)));
    Tracer.Traced step = Tracer.trace("while_body", types, body);
    List<Array> captures = concat(cond.captures(), step.captures());
    int condCaptures = cond.captures().size();
    Graph condGraph = onAllCaptures(cond.graph(), captures, 0, condCaptures, false);
    Graph bodyGraph =
        onAllCaptures(step.graph(), captures, condCaptures, step.captures().size(), true);
    List<Array> results =
        Tracer.current()
            .emit(new ControlOp.While(), concat(captures, init), List.of(condGraph, bodyGraph));
    return results.subList(captures.size(), results.size());
  }

  /// `onTrue` or `onFalse` as the scalar `i1` predicate says; both must give the same types.
  public static List<Array> cond(
      Array predicate,
      List<Array> operands,
      UnaryOperator<List<Array>> onTrue,
      UnaryOperator<List<Array>> onFalse) {
    return switchCase(predicate.not().astype(DType.I32), operands, List.of(onTrue, onFalse));
  }

  /// Branch `index` (scalar `i32`; the last branch when out of range) applied to the operands.
  public static List<Array> switchCase(
      Array index, List<Array> operands, List<UnaryOperator<List<Array>>> branches) {
    List<Tracer.Traced> traced =
        branches.stream().map(b -> Tracer.trace("branch", types(operands), b)).toList();
    List<Array> captures = new ArrayList<>();
    traced.forEach(branch -> captures.addAll(branch.captures()));
    List<Graph> regions = new ArrayList<>();
    int from = 0;
    for (Tracer.Traced branch : traced) {
      int own = branch.captures().size();
      regions.add(onAllCaptures(branch.graph(), captures, from, own, false));
      from += own;
    }
    List<Array> all = concat(List.of(index), concat(captures, operands));
    return Tracer.current().emit(new ControlOp.Case(), all, regions);
  }

  /// Runs `decomposition` as one named operation that a backend may replace by its own kernel.
  public static List<Array> composite(
      String name,
      Map<String, String> attributes,
      List<Array> operands,
      UnaryOperator<List<Array>> decomposition) {
    Tracer.Traced traced = Tracer.trace(name, types(operands), decomposition);
    if (!traced.captures().isEmpty()) {
      throw new IllegalStateException(
          "composite "
              + name
              + " must take all it uses as operands; it captures "
              + traced.captures());
    }
    ControlOp.Composite op = new ControlOp.Composite(name, new TreeMap<>(attributes));
    return Tracer.current().emit(op, operands, List.of(traced.graph()));
  }

  /// Runs `function`; its intermediate values are computed again for the backward pass as `policy`
  /// says.
  public static List<Array> remat(
      RematPolicy policy, List<Array> operands, UnaryOperator<List<Array>> function) {
    Tracer.Traced traced = Tracer.trace("remat", types(operands), function);
    return Tracer.current()
        .emit(
            new ControlOp.Remat(policy),
            concat(traced.captures(), operands),
            List.of(traced.graph()));
  }

  /// Runs `primal`, whose derivative is given: `forward` gives results and residuals, `backward`
  /// maps `(residuals…, result cotangents…)` to operand cotangents. None of them may capture outer
  /// arrays.
  public static List<Array> customVjp(
      String name,
      List<Array> operands,
      UnaryOperator<List<Array>> primal,
      UnaryOperator<List<Array>> forward,
      UnaryOperator<List<Array>> backward) {
    Graph primalGraph = Tracer.traceClosed(name, types(operands), primal);
    Graph forwardGraph = Tracer.traceClosed(name + "_forward", types(operands), forward);
    int results = primalGraph.outputs().size();
    List<TensorType> out = forwardGraph.outputTypes();
    List<TensorType> backwardTypes =
        concat(out.subList(results, out.size()), primalGraph.outputTypes());
    Graph backwardGraph = Tracer.traceClosed(name + "_backward", backwardTypes, backward);
    return Tracer.current()
        .emit(
            new ControlOp.CustomVjp(name),
            operands,
            List.of(primalGraph, forwardGraph, backwardGraph));
  }

  /// Runs `body` on every device of `devices`, on blocks of the operands and with collectives of
  /// its own ([Collectives]); what it gives are blocks of the results. It can be differentiated,
  /// and may not capture outer arrays.
  ///
  /// Axes of the mesh that are not of `devices` are none of its business: inside, too, values are
  /// cut along them as propagation finds. A result whose spec leaves out axes of `devices` must be
  /// the same on all devices along them. With a single device `body` is simply applied.
  ///
  /// @param devices who takes part; the mesh that the graph is partitioned for must have as many
  /// @param inputs which block of each operand a device takes; the devices must divide the dims
  /// @param outputs which block of each result a device gives
  public static List<Array> shardMap(
      AxisGroup devices,
      List<BlockSpec> inputs,
      List<BlockSpec> outputs,
      List<Array> operands,
      UnaryOperator<List<Array>> body) {
    if (devices.size() == 1) {
      return body.apply(operands);
    }
    if (inputs.size() != operands.size()) {
      throw new ShapeException(
          "shard_map takes one spec per operand, got %d for %d operands"
              .formatted(inputs.size(), operands.size()));
    }
    List<TensorType> blocks = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      TensorType type = operands.get(i).type();
      blocks.add(type.withShape(inputs.get(i).local(type.shape())));
    }
    Graph region = Tracer.traceClosed("shard_map", blocks, body);
    return Tracer.current()
        .emit(new ControlOp.ShardMap(devices, inputs, outputs), operands, List.of(region));
  }

  private static List<TensorType> types(List<Array> arrays) {
    return arrays.stream().map(Array::type).toList();
  }

  private static <T> List<T> concat(List<T> a, List<T> b) {
    List<T> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /// `graph`, which takes `count` captures, rewired to take all `captures` (its own start at
  /// `from`) before its arguments; with `pass`, it also gives them back first, as a loop carry
  /// must.
  private static Graph onAllCaptures(
      Graph graph, List<Array> captures, int from, int count, boolean pass) {
    GraphBuilder builder = new GraphBuilder();
    List<Var> outer = captures.stream().map(capture -> builder.input(capture.type())).toList();
    List<Var> args = new ArrayList<>(outer.subList(from, from + count));
    for (Var input : graph.inputs().subList(count, graph.inputs().size())) {
      args.add(builder.input(input.type()));
    }
    List<Var> results = builder.inline(graph, args);
    return builder.build(graph.name(), pass ? concat(outer, results) : results);
  }
}
