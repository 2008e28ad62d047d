package jaxon.trainer;

import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.config.ContextParallelStrategy;
import jaxon.config.MeshConfig;
import jaxon.layers.ContextParallelism;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;

/// How the devices along `context` share a sequence.
///
/// @param attention how queries meet the keys of other devices
/// @param order which tokens each device gets
record SequenceSharing(ContextParallelism attention, TokenOrder order) {
  private static final List<String> AXES = List.of(MeshAxis.CONTEXT, MeshAxis.CONTEXT_USP_ULYSSES);

  /// What a configuration asks for on a mesh.
  ///
  /// @throws TrainingException if sequence or heads do not divide as that needs
  static SequenceSharing of(Configuration config, Mesh mesh) {
    List<String> axes = AXES.stream().filter(axis -> mesh.size(axis) > 1).toList();
    int devices = mesh.size(axes);
    if (devices == 1) {
      return new SequenceSharing(new ContextParallelism.Gathered(), TokenOrder.IN_ORDER);
    }
    MeshConfig keys = config.mesh();
    ContextParallelStrategy strategy = keys.contextParallelStrategy();
    // Whole sequences are in balance by themselves.
    boolean balances =
        keys.contextParallelLoadBalance() && strategy != ContextParallelStrategy.ULYSSES;
    TokenOrder order = balances ? new TokenOrder(devices) : TokenOrder.IN_ORDER;
    int length = config.data().maxTargetLength();
    if (balances && length % order.pieces() != 0) {
      throw TrainingException.usage(
          ("context_parallel_load_balance=true cuts a sequence into 2 pieces for each of the %d"
                  + " devices along %s, but max_target_length=%d does not divide by %d. Use a multiple"
                  + " of %d, or context_parallel_load_balance=false")
              .formatted(devices, String.join("+", axes), length, order.pieces(), order.pieces()));
    }
    return switch (strategy) {
      case ALL_GATHER -> new SequenceSharing(new ContextParallelism.Gathered(), order);
      case RING -> {
        if (mesh.size(MeshAxis.STAGE) > 1) {
          throw TrainingException.usage(
              "context_parallel_strategy=ring does not go together with pipeline stages yet. Use"
                  + " context_parallel_strategy=all_gather or ulysses, or ici_pipeline_parallelism=1");
        }
        requireDivides("max_target_length", length, devices, strategy, axes);
        yield new SequenceSharing(new ContextParallelism.Ring(mesh.group(axes)), order);
      }
      case ULYSSES -> {
        requireDivides("max_target_length", length, devices, strategy, axes);
        requireHeads(config, mesh, axes);
        yield new SequenceSharing(new ContextParallelism.Ulysses(), order);
      }
    };
  }

  /// Heads are cut along `tensor` first and then among those that share a sequence.
  private static void requireHeads(Configuration config, Mesh mesh, List<String> axes) {
    List<String> all = new ArrayList<>(List.of(MeshAxis.TENSOR, MeshAxis.TENSOR_SEQUENCE));
    all.removeIf(axis -> mesh.size(axis) == 1);
    all.addAll(axes);
    ContextParallelStrategy ulysses = ContextParallelStrategy.ULYSSES;
    int devices = mesh.size(all);
    requireDivides("num_query_heads", config.model().numQueryHeads(), devices, ulysses, all);
    requireDivides("num_kv_heads", config.model().numKvHeads(), devices, ulysses, all);
  }

  private static void requireDivides(
      String what, int size, int devices, ContextParallelStrategy strategy, List<String> axes) {
    if (size % devices != 0) {
      throw TrainingException.usage(
          ("context_parallel_strategy=%s divides %s among the %d devices along %s, but %d does not"
                  + " divide by %d. Use a multiple, fewer devices, or"
                  + " context_parallel_strategy=all_gather")
              .formatted(
                  strategy.yamlName(), what, devices, String.join("+", axes), size, devices));
    }
  }
}
