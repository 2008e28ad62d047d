package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.GraphBuilder;
import jaxon.graph.Var;
import jaxon.graph.op.ControlOp;
import jaxon.graph.type.TensorType;
import jaxon.sharding.DimSharding;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.ShardingException;
import jaxon.sharding.TensorSharding;
import jaxon.sharding.partition.PipelinePartitioner.Rows;
import jaxon.sharding.propagate.MicroBatches;
import jaxon.sharding.propagate.ShardingPlan;

/// A loop over layers on stages and the one that goes back over it become one pipeline, in which
/// each micro-batch goes back as soon as it is through ([InterleavedLoop]).
///
/// What lies between the loops must then be done micro-batch by micro-batch as well: it must work
/// row by row, or sum over rows, which adds up over the turns. Anything else is refused: who asks
/// for this schedule has no memory for the other one.
final class InterleavedPartitioner {
  private final RegionPartitioner scope;
  private final ShardingPlan plan;
  private final PipelinePartitioner pipelines;

  InterleavedPartitioner(RegionPartitioner scope) {
    this.scope = scope;
    this.plan = scope.plan();
    this.pipelines = new PipelinePartitioner(scope);
  }

  /// Partitions the equations of a graph if there are such loops among them; false if not, and
  /// nothing is done.
  ///
  /// @throws ShardingException if there are, but they cannot run so
  boolean partition(Graph graph) {
    Mesh mesh = plan.mesh();
    // A single micro-batch has no other to take turns with.
    boolean several = mesh.size(MeshAxis.STAGE) > 1 && plan.pipelining().microbatches(mesh) > 1;
    if (!plan.pipelining().interleaves() || scope.inComposite() || !several) {
      return false;
    }
    List<LoopPair> pairs = LoopPair.of(graph, this::isPipeline);
    if (pairs.isEmpty()) {
      return false;
    }
    LoopPair pair = pairs.getFirst();
    if (pairs.size() > 1) {
      throw refused(pair, "there are " + pairs.size() + " of them, and it takes one");
    }
    partition(pair);
    return true;
  }

  private boolean isPipeline(Equation equation) {
    return equation.op() instanceof ControlOp.Scan scan
        && scan.carries() > 0
        && plan.isOverStages(equation.regions().getFirst())
        && pipelines.isCut(scan, equation.regions().getFirst());
  }

  private void partition(LoopPair pair) {
    requireSimple(pair);
    Rows forward = rows(pair, pair.forwardOp(), pair.forward());
    Rows backward = rows(pair, pair.backwardOp(), pair.backward());
    StageBody there = acrossStages(pair, forward);
    StageBody back = acrossStages(pair, backward);
    Mesh mesh = forward.mesh();
    Var result = pair.forward().outputs().get(forward.carry());
    TensorSharding cut = TensorSharding.replicated(result.type().shape());
    cut =
        cut.with(
            forward.dim(),
            DimSharding.of(cut.dim(forward.dim()).size(), List.of(MicroBatchCut.AXIS)));
    Map<Var, TensorSharding> spread = spread(pair.middle(), mesh, result, cut);
    List<Equation> equations = pair.between(equation -> hasRows(equation, spread));
    List<Var> inputs = LoopPair.taken(equations);
    List<Integer> given = given(pair, back);
    List<Var> outputs = new ArrayList<>();
    List<Optional<TensorSharding>> wanted = new ArrayList<>();
    for (int operand : given) {
      outputs.add(pair.backward().inputs().get(operand));
      wanted.add(Optional.of(back.inputs().get(operand).one()));
    }
    for (Var read : pair.readAfter(equations)) {
      outputs.add(read);
      wanted.add(Optional.empty());
    }
    Graph middle = new Graph("between", inputs, equations, outputs);
    StageBody between =
        StageBody.between(plan, mesh, middle, spread(equations, mesh, result, cut), wanted)
            .orElseThrow(() ->
                refused(
                    pair,
                    "what lies between them is neither a sum over the sequences nor does it work"
                        + " on each of them alone"));
    PipelineSide first = PipelineSide.of(scope, mesh, pair.forwardOp(), pair.forward(), there);
    PipelineSide second = PipelineSide.of(scope, mesh, pair.backwardOp(), pair.backward(), back);
    Between work = new Between(middle, between, given.size());
    requireFit(pair, first, second, work);
    List<List<Equation>> around = pair.around(equations);
    around.getFirst().forEach(scope::partition);
    scope.emitter().at(pair.forward().source());
    new InterleavedLoop(first, second, work, pair).emit();
    around.getLast().forEach(scope::partition);
  }

  /// What runs between the loops for each micro-batch.
  ///
  /// @param graph the same for the whole batch
  /// @param given how many of the results, the first ones, the second loop starts with
  record Between(Graph graph, StageBody body, int given) {}

  private static boolean hasRows(Equation equation, Map<Var, TensorSharding> spread) {
    return equation.inputs().stream().anyMatch(var -> isCut(var, spread))
        || equation.outputs().stream().anyMatch(var -> isCut(var, spread));
  }

  private static boolean isCut(Var var, Map<Var, TensorSharding> spread) {
    return spread.containsKey(var) && !spread.get(var).isReplicated();
  }

  private static Map<Var, TensorSharding> spread(
      List<Equation> equations, Mesh mesh, Var from, TensorSharding cut) {
    List<Var> inputs = LoopPair.taken(equations);
    Graph graph = new Graph("between", inputs, equations, List.of());
    return MicroBatches.spread(
        new ControlOp.Scan(1, inputs.size(), 0, false), graph, mesh, from, cut);
  }

  private Rows rows(LoopPair pair, ControlOp.Scan op, Equation loop) {
    return pipelines
        .rows(op, loop, false)
        .orElseThrow(() -> refused(pair, "they do not work on each sequence alone"));
  }

  private StageBody acrossStages(LoopPair pair, Rows rows) {
    return rows.body()
        .acrossStages(rows.mesh())
        .orElseThrow(() ->
            refused(
                pair,
                ("num_pipeline_microbatches=%d must divide the sequences of each device"
                        + " (per_device_batch_size), and no layer may ask for a sequence's place in"
                        + " the batch; a group of %d stages has %s in all")
                    .formatted(
                        rows.mesh().size(MicroBatchCut.AXIS),
                        rows.mesh().size(MeshAxis.STAGE),
                        localType(pair, rows))));
  }

  /// What the devices of a group of stages have together of what the layers carry.
  private TensorType localType(LoopPair pair, Rows rows) {
    Var inner = pair.forward().regions().getFirst().outputs().get(rows.carry());
    return inner.type().withShape(plan.of(inner).localShape(plan.mesh()));
  }

  /// Which operands of the second loop it starts with and depend on the first.
  private static List<Integer> given(LoopPair pair, StageBody back) {
    ControlOp.Scan op = pair.backwardOp();
    List<Integer> given = new ArrayList<>();
    for (int i = op.consts(); i < op.consts() + op.carries(); i++) {
      if (pair.isDependent(pair.backward().inputs().get(i))) {
        given.add(i);
        if (!back.inputs().get(i).isBatched()) {
          throw refused(pair, "the second starts with a sum over the batch of the first");
        }
      }
    }
    return given;
  }

  private void requireSimple(LoopPair pair) {
    if (plan.pipelining().repeats(plan.mesh(), pair.forwardOp().length()) > 1) {
      throw refused(pair, "it takes one round (num_layers_per_pipeline_stage=-1)");
    }
    if (!pair.keepsForBackward()) {
      throw refused(pair, "not the second alone reads what the first keeps");
    }
    ControlOp.Scan op = pair.backwardOp();
    for (int i = 0; i < pair.backward().inputs().size(); i++) {
      Var input = pair.backward().inputs().get(i);
      boolean carried = i >= op.consts() && i < op.consts() + op.carries();
      boolean kept = i >= op.consts() + op.carries() && pair.kept(input) >= 0;
      if (pair.isDependent(input) && !carried && !kept) {
        throw refused(pair, "the second reads what is made of all the first keeps");
      }
    }
    if (pair.forwardOp().reverse() == op.reverse()) {
      throw refused(pair, "both go through the layers in one direction");
    }
    if (pair.middle().stream().anyMatch(this::isPipeline)) {
      throw refused(pair, "another loop over layers lies between them");
    }
  }

  /// What the loops and the part between them give each other must be cut alike.
  private void requireFit(LoopPair pair, PipelineSide first, PipelineSide second, Between between) {
    for (int i = second.fixed(); i < second.equation().inputs().size(); i++) {
      int kept = pair.kept(second.equation().inputs().get(i));
      if (kept >= 0) {
        StageBody.Output output = first.body().outputs().get(kept);
        MicroBatchCut taken = second.body().inputs().get(i);
        if (output.summed() || output.partial().isPresent() || !output.cut().equals(taken)) {
          throw refused(
              pair,
              "the second takes what the first keeps in another form: " + taken + " for " + output);
        }
      }
    }
    for (int i = 0; i < between.graph().inputs().size(); i++) {
      int carried = first.equation().outputs().indexOf(between.graph().inputs().get(i));
      if (carried >= 0) {
        MicroBatchCut given = first.body().outputs().get(carried).cut();
        MicroBatchCut taken = between.body().inputs().get(i);
        if (!given.isBatched() || !taken.isBatched() || !isWithin(first, carried, given, taken)) {
          throw refused(pair, "what comes out of the first is not cut along the stages: " + taken);
        }
      }
    }
  }

  /// True if one form leads to the other within a micro-batch.
  private static boolean isWithin(
      PipelineSide first, int carried, MicroBatchCut given, MicroBatchCut taken) {
    GraphBuilder builder = new GraphBuilder();
    Emitter trial = new Emitter(builder, first.mesh());
    Var value = builder.input(first.sent().get(carried));
    Placed reached =
        new Resharding(trial).apply(first.ofLast(trial, value, given.one()), taken.one());
    return StageBody.isIndependent(builder.build("trial", List.of(reached.local())));
  }

  private static ShardingException refused(LoopPair pair, String why) {
    return new ShardingException(
        "pipeline_schedule=1f1b does not fit the loops over layers at %s: %s; choose pipeline_schedule=gpipe"
            .formatted(pair.forward().source(), why));
  }
}
