package jaxon.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jaxon.graph.Graph;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.TensorType;
import jaxon.layers.CausalLm;
import jaxon.runtime.Placement;
import jaxon.sharding.PartitionSpec;

/// How the inputs and results of a run's programs are cut: the copies in the compute type and the
/// optimizer's state as the parameters they belong to ([RunMesh#optimizerSpec]), batches by
/// sequence and position, everything else whole.
///
/// @param axes the logical axes of each parameter
/// @param params one spec for each parameter
/// @param state one for each leaf of the training state, of which the parameters come first
record StatePlacement(
    RunMesh mesh, List<LogicalAxes> axes, List<PartitionSpec> params, List<PartitionSpec> state) {
  private static final LogicalAxes BATCH =
      LogicalAxes.of("activation_embed_and_logits_batch", "activation_norm_length");

  StatePlacement {
    axes = List.copyOf(axes);
    params = List.copyOf(params);
    state = List.copyOf(state);
  }

  /// The placement of a model whose parameters have these logical axes.
  static StatePlacement of(
      RunMesh mesh, List<LogicalAxes> axes, TrainState<CausalLm> template, List<Boolean> copied) {
    List<TensorType> types = types(Tree.leaves(template.params()));
    List<PartitionSpec> params =
        IntStream.range(0, axes.size())
            .mapToObj(i -> mesh.spec(axes.get(i), types.get(i)))
            .toList();
    List<PartitionSpec> state = new ArrayList<>(params);
    List<PartitionSpec> moments =
        IntStream.range(0, axes.size())
            .mapToObj(i -> mesh.optimizerSpec(axes.get(i), types.get(i)))
            .toList();
    template.moments().forEach(_ -> state.addAll(moments));
    state.add(PartitionSpec.replicated(0));
    IntStream.range(0, params.size()).filter(copied::get).forEach(i -> state.add(params.get(i)));
    return new StatePlacement(mesh, axes, params, state);
  }

  private static List<TensorType> types(List<Array> leaves) {
    return leaves.stream().map(Array::type).toList();
  }

  /// Bytes of each leaf of the state on the devices of this process together.
  List<Long> stateBytes(TrainState<CausalLm> template) {
    List<TensorType> types = types(Tree.leaves(template));
    return IntStream.range(0, types.size())
        .mapToObj(
            i -> types.get(i).bytes() / mesh.mesh().size(state.get(i).axes()) * mesh.localDevices())
        .toList();
  }

  /// Of a program from a key to the state.
  Placement init(Graph graph) {
    return new Placement(PartitionSpec.replicated(graph.inputTypes()), state);
  }

  /// Of a program from state and batch to state and metrics.
  Placement step(Graph graph) {
    List<PartitionSpec> results = new ArrayList<>(state);
    List<TensorType> types = graph.outputTypes();
    results.addAll(PartitionSpec.replicated(types.subList(state.size(), types.size())));
    return new Placement(withBatch(state, graph), results);
  }

  /// Of a program from parameters and a batch to numbers.
  Placement eval(Graph graph) {
    return new Placement(withBatch(params, graph), PartitionSpec.replicated(graph.outputTypes()));
  }

  /// Of a program from parameters and small things to numbers.
  Placement onParams(Graph graph) {
    List<PartitionSpec> inputs = new ArrayList<>(params);
    List<TensorType> types = graph.inputTypes();
    inputs.addAll(PartitionSpec.replicated(types.subList(params.size(), types.size())));
    return new Placement(inputs, PartitionSpec.replicated(graph.outputTypes()));
  }

  private List<PartitionSpec> withBatch(List<PartitionSpec> first, Graph graph) {
    List<PartitionSpec> inputs = new ArrayList<>(first);
    List<TensorType> types = graph.inputTypes();
    types.subList(first.size(), types.size()).forEach(type -> inputs.add(mesh.spec(BATCH, type)));
    return inputs;
  }
}
