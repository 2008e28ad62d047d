package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Renaming;
import jaxon.graph.Var;
import jaxon.graph.op.AxisGroup;
import jaxon.graph.op.CollectiveOp;
import jaxon.graph.op.ControlOp;
import jaxon.graph.op.ReduceOp;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.propagate.MicroBatches;
import jaxon.sharding.propagate.ShardingPlan;

/// A loop's body for one micro-batch on one device.
///
/// It comes from the partitioner itself, on a mesh with one more axis for the micro-batches: what
/// would be a sum over that axis is a sum over turns, and a body that would send something along it
/// mixes the rows of the batch and takes it as one.
///
/// @param graph takes the number of the micro-batch, then what the loop's body takes
/// @param inputs of the loop's body
/// @param outputs of the loop's body
/// @param outside how each batched value is cut outside of the loop, by how it is cut inside
record StageBody(
    Graph graph,
    List<MicroBatchCut> inputs,
    List<Output> outputs,
    Map<MicroBatchCut, TensorSharding> outside) {
  /// A result.
  ///
  /// @param summed whether it is a sum over the micro-batches
  /// @param partial what is left to be summed over devices
  record Output(MicroBatchCut cut, boolean summed, Optional<Partial> partial) {
    private Output in(MicroBatchCut other) {
      return new Output(other, summed, partial);
    }
  }

  /// How a value is cut outside of the loop.
  TensorSharding outside(MicroBatchCut cut) {
    return outside.getOrDefault(cut, cut.all());
  }

  /// The type in which a result adds up: sums of 16-bit floats do so in float32 and are rounded
  /// once.
  DType typeOfSum(int output) {
    DType dtype = graph.outputs().get(output).type().dtype();
    boolean narrow = dtype == DType.BF16 || dtype == DType.F16;
    return narrow && outputs.get(output).summed() ? DType.F32 : dtype;
  }

  /// This body on micro-batches that have rows of every stage ([MicroBatchCut#acrossPeers]); empty
  /// if it matters which rows a device has, or if sizes do not divide.
  Optional<StageBody> acrossStages(Mesh mesh) {
    Map<MicroBatchCut, MicroBatchCut> across = new HashMap<>();
    outside
        .keySet()
        .forEach(
            cut -> cut.acrossPeers(MeshAxis.STAGE, mesh).ifPresent(rows -> across.put(cut, rows)));
    if (across.isEmpty() || across.size() < outside.size()) {
      return Optional.empty();
    }
    List<MicroBatchCut> taken = inputs.stream().map(cut -> across.getOrDefault(cut, cut)).toList();
    List<Output> given =
        outputs.stream()
            .map(output -> output.in(across.getOrDefault(output.cut(), output.cut())))
            .toList();
    return Optional.of(new StageBody(graph, taken, given, Map.of()));
  }

  /// The body, if it goes by rows of dim `dim` of the first carried value.
  ///
  /// @param mesh with the axis of the micro-batches
  static Optional<StageBody> byRows(
      ShardingPlan plan, Mesh mesh, ControlOp.Scan op, Graph body, int carry, int dim) {
    Var carried = body.inputs().get(op.consts() + carry);
    TensorSharding whole = TensorSharding.replicated(carried.type().shape());
    TensorSharding rows =
        whole.with(dim, DimSharding.of(whole.dim(dim).size(), List.of(MicroBatchCut.AXIS)));
    Map<Var, TensorSharding> cuts = MicroBatches.spread(op, body, mesh, carried, rows);
    return of(plan, mesh, op, body, cuts);
  }

  /// The body, if it works on micro-batches of values that are cut so.
  ///
  /// @param mesh with the axis of the micro-batches
  static Optional<StageBody> of(
      ShardingPlan plan, Mesh mesh, ControlOp.Scan op, Graph body, Map<Var, TensorSharding> cuts) {
    return new Builder(plan, onMicroBatches(plan, mesh, cuts), op, body).build();
  }

  /// What lies between two loops, on micro-batches of values that are cut so. Sums over the rows
  /// stay sums over devices, too, to be taken once; what has no rows is brought into the form that
  /// it is used in outside, once.
  ///
  /// @param mesh with the axis of the micro-batches
  /// @param wanted how a result must be cut for a micro-batch; empty: by `cuts`
  static Optional<StageBody> between(
      ShardingPlan plan,
      Mesh mesh,
      Graph graph,
      Map<Var, TensorSharding> cuts,
      List<Optional<TensorSharding>> wanted) {
    ControlOp.Scan once = new ControlOp.Scan(1, graph.inputs().size(), 0, false);
    return new Builder(plan, onMicroBatches(plan, mesh, cuts), once, graph).between(wanted);
  }

  /// The plan with micro-batches of values.
  private static ShardingPlan onMicroBatches(
      ShardingPlan plan, Mesh mesh, Map<Var, TensorSharding> cuts) {
    Map<Var, TensorSharding> changed = new HashMap<>();
    cuts.forEach((var, cut) -> changed.put(var, MicroBatchCut.of(plan.of(var), cut, mesh).one()));
    return plan.on(mesh, changed);
  }

  /// True if nothing is sent between micro-batches, and no place among them asked for.
  static boolean isIndependent(Graph graph) {
    return graph.equations().stream()
        .allMatch(equation ->
            !(equation.op() instanceof CollectiveOp op
                    && op.group().axes().contains(MicroBatchCut.AXIS))
                && equation.regions().stream().allMatch(StageBody::isIndependent));
  }

  private static final class Builder {
    private final ShardingPlan plan;
    private final ShardingPlan inner;
    private final ControlOp.Scan op;
    private final Graph body;
    private final GraphBuilder builder = new GraphBuilder();
    private final Emitter emitter;

    Builder(ShardingPlan plan, ShardingPlan inner, ControlOp.Scan op, Graph body) {
      this.plan = plan;
      this.inner = inner;
      this.op = op;
      this.body = body;
      this.emitter = new Emitter(builder, inner.mesh());
    }

    private MicroBatchCut cut(Var var) {
      return new MicroBatchCut(plan.of(var), inner.of(var));
    }

    Optional<StageBody> build() {
      List<MicroBatchCut> inputs = body.inputs().stream().map(this::cut).toList();
      List<Optional<TensorSharding>> wanted = new ArrayList<>();
      for (int i = 0; i < body.outputs().size(); i++) {
        MicroBatchCut cut = cut(body.outputs().get(i));
        boolean carried = i < op.carries();
        wanted.add(
            carried
                ? Optional.of(inputs.get(op.consts() + i).one())
                : Optional.of(cut.one()).filter(_ -> cut.isBatched()));
      }
      RegionPartitioner.Result region =
          RegionPartitioner.run(
              inner, body, inputs.stream().map(MicroBatchCut::one).toList(), wanted, false);
      List<Var> locals = copy(region.local());
      List<Output> outputs = new ArrayList<>();
      for (int i = 0; i < locals.size(); i++) {
        Placed value = region.outputs().get(i);
        MicroBatchCut cut =
            i < op.carries() ? inputs.get(op.consts() + i) : cut(body.outputs().get(i));
        Placed settled =
            wanted.get(i).isPresent()
                ? new Placed(locals.get(i), value.sharding())
                : settled(new Placed(locals.get(i), value.sharding(), value.partial()), cut.all());
        locals.set(i, settled.local());
        outputs.add(output(cut, settled));
      }
      Graph graph = builder.build(body.name(), locals);
      return isIndependent(graph) && outputs.stream().allMatch(Builder::isSum)
          ? Optional.of(new StageBody(graph, inputs, outputs, outside(graph, inputs, outputs)))
          : Optional.empty();
    }

    Optional<StageBody> between(List<Optional<TensorSharding>> asked) {
      List<MicroBatchCut> inputs = body.inputs().stream().map(this::cut).toList();
      List<Optional<TensorSharding>> wanted = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        MicroBatchCut cut = cut(body.outputs().get(i));
        wanted.add(asked.get(i).or(() -> Optional.of(cut.one()).filter(_ -> cut.isBatched())));
      }
      ControlPartitioner.Hoisted hoisted =
          ControlPartitioner.hoisted(
              inner,
              body,
              inputs.stream().map(MicroBatchCut::one).toList(),
              wanted,
              i -> !inputs.get(i).isBatched(),
              false);
      List<MicroBatchCut> taken = new ArrayList<>(inputs);
      for (int i = 0; i < taken.size(); i++) {
        if (!inputs.get(i).isBatched()) {
          taken.set(i, MicroBatchCut.asked(hoisted.inputs().get(i)));
        }
      }
      List<Var> locals = copy(hoisted.result().local());
      List<Output> outputs = new ArrayList<>();
      for (int i = 0; i < locals.size(); i++) {
        Placed value = hoisted.result().outputs().get(i);
        MicroBatchCut cut = cut(body.outputs().get(i));
        outputs.add(output(cut.isBatched() ? cut : MicroBatchCut.none(value.sharding()), value));
      }
      Graph graph = builder.build(body.name(), locals);
      boolean whole =
          outputs.stream().noneMatch(out -> out.cut().all().axes().contains(MicroBatchCut.AXIS));
      boolean windows = taken.stream().allMatch(MicroBatchCut::isWindow);
      return whole && windows && isIndependent(graph) && outputs.stream().allMatch(Builder::isSum)
          ? Optional.of(new StageBody(graph, taken, outputs, Map.of()))
          : Optional.empty();
    }

    /// Where it makes no difference which rows a device has, it has those that its stages have
    /// outside. It makes one where values are cut differently or places of rows are asked for.
    private Map<MicroBatchCut, TensorSharding> outside(
        Graph graph, List<MicroBatchCut> inputs, List<Output> outputs) {
      Set<MicroBatchCut> batched =
          Stream.concat(inputs.stream(), outputs.stream().map(Output::cut))
              .filter(MicroBatchCut::isBatched)
              .collect(Collectors.toSet());
      boolean alike = batched.stream().map(MicroBatchCut::rowAxes).distinct().count() == 1;
      Var number = graph.inputs().getFirst();
      boolean counts =
          graph.equations().stream().anyMatch(equation -> equation.inputs().contains(number));
      Map<MicroBatchCut, TensorSharding> outside = new HashMap<>();
      if (alike && !counts) {
        for (MicroBatchCut cut : batched) {
          cut.withPeers(MeshAxis.STAGE, inner.mesh()).ifPresent(to -> outside.put(cut, to));
        }
      }
      return outside.size() == batched.size() ? outside : Map.of();
    }

    /// Copies the body; the place among the micro-batches becomes an input.
    private List<Var> copy(Graph local) {
      Var number = builder.input(TensorType.of(DType.I32));
      Renaming renaming = new Renaming();
      local.inputs().forEach(input -> renaming.put(input, builder.input(input.type())));
      for (Equation equation : local.equations()) {
        if (equation.op() instanceof CollectiveOp.AxisIndex(AxisGroup group)
            && group.axes().equals(List.of(MicroBatchCut.AXIS))) {
          renaming.put(equation.output(), number);
        } else {
          builder.copy(equation, renaming);
        }
      }
      return new ArrayList<>(renaming.getAll(local.outputs()));
    }

    /// Reduces along the axes that cut the result. Others can wait: a value that is whole on all of
    /// them need not be summed in each turn.
    private Placed settled(Placed value, TensorSharding to) {
      List<String> partial = value.partial().map(Partial::axes).orElse(List.of());
      List<String> now = partial.stream().filter(to.axes()::contains).toList();
      List<String> later = partial.stream().filter(axis -> !now.contains(axis)).toList();
      Optional<Partial> first = value.partial().map(sum -> new Partial(now, sum.kind()));
      Placed reduced =
          new Resharding(emitter)
              .apply(
                  new Placed(value.local(), value.sharding(), first.filter(_ -> !now.isEmpty())),
                  to);
      Optional<Partial> rest = value.partial().map(sum -> new Partial(later, sum.kind()));
      return new Placed(reduced.local(), to, rest.filter(_ -> !later.isEmpty()));
    }

    private static Output output(MicroBatchCut cut, Placed value) {
      List<String> axes = value.partial().map(Partial::axes).orElse(List.of());
      List<String> devices =
          axes.stream().filter(axis -> !axis.equals(MicroBatchCut.AXIS)).toList();
      Optional<Partial> partial = value.partial().map(sum -> new Partial(devices, sum.kind()));
      return new Output(
          cut, axes.contains(MicroBatchCut.AXIS), partial.filter(_ -> !devices.isEmpty()));
    }

    private static boolean isSum(Output output) {
      return output.partial().stream().allMatch(sum -> sum.kind() == ReduceOp.Kind.SUM);
    }
  }
}
