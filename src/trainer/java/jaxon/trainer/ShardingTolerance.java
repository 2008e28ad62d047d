package jaxon.trainer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.TensorType;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.PartitionSpec;

/// Refuses a run whose parameters are cut less than the mesh allows: a dim that does not divide
/// leaves its tensor whole, and with it the optimizer's state.
///
/// The measure is MaxText's: how much more a device holds than if all parameters were cut over all
/// axes that cut weights.
record ShardingTolerance(double allowed) {
  private static final List<String> WEIGHT_AXES =
      List.of(
          MeshAxis.FSDP,
          MeshAxis.FSDP_TRANSPOSE,
          MeshAxis.CONTEXT,
          MeshAxis.CONTEXT_USP_ULYSSES,
          MeshAxis.TENSOR,
          MeshAxis.TENSOR_SEQUENCE,
          MeshAxis.STAGE,
          MeshAxis.EXPERT);

  /// A parameter and what a device holds of it too much.
  private record Excess(String path, TensorType type, PartitionSpec spec, long elements) {
    @Override
    public String toString() {
      return path + " " + type + " cut " + spec;
    }
  }

  /// @throws TrainingException naming the parameters, largest first, if it is too much
  void check(TrainPrograms programs) {
    StatePlacement placement = programs.placement();
    Mesh mesh = placement.mesh().mesh();
    int devices = mesh.size(WEIGHT_AXES);
    List<String> paths = Tree.paths(programs.paramsTemplate());
    List<Excess> excesses = new ArrayList<>();
    long total = 0;
    long excess = 0;
    for (int i = 0; i < paths.size(); i++) {
      TensorType type = Tree.leaves(programs.paramsTemplate()).get(i).type();
      PartitionSpec spec = placement.params().get(i);
      long elements = type.shape().elements();
      long more = elements / mesh.size(spec.axes()) - elements / devices;
      total += elements;
      excess += more;
      excesses.add(new Excess(paths.get(i), type, spec, more));
    }
    double share = excess / Math.max(1.0, (double) total / devices);
    if (share > allowed) {
      throw TrainingException.usage(message(mesh, share, excesses));
    }
  }

  private String message(Mesh mesh, double share, List<Excess> excesses) {
    String names =
        excesses.stream()
            .filter(each -> each.elements() > 0)
            .sorted(Comparator.comparingLong(Excess::elements).reversed())
            .limit(10)
            .map(each -> "\n  " + each)
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        "each device of the mesh %s would hold %.1f %% more parameters than if all were cut evenly;"
            + " sharding_tolerance allows %.1f %%. Choose sizes that divide the model's dims, or raise"
            + " sharding_tolerance. Cut too little:%s",
        mesh,
        100 * share,
        100 * allowed,
        names);
  }
}
