package jaxon.sharding;

import java.util.List;
import jaxon.sharding.DimSharding.Part;

/// How loops over layers that are cut along [MeshAxis#STAGE] run as pipelines.
///
/// With `layersPerStage` the layers are dealt to the stages in groups of that many, as cards are:
/// of 8 layers the first of 2 stages has 0, 1, 4, 5 if groups are of two. Micro-batches then go
/// through the stages in several rounds, and the stages wait less. Parameters come and go in
/// blocks, as any sharding cuts them; within a program, pipelines take and give stacked values
/// dealt.
///
/// @param microbatches pieces that the batch of a device is cut into; −1: as many as stages
/// @param layersPerStage layers of a stage in one round; −1: all that it has, in one round
/// @param interleaves whether a loop and the one that goes back over what it keeps take turns
///   micro-batch by micro-batch (1F1B), so that less is kept; in one round only
public record Pipelining(int microbatches, int layersPerStage, boolean interleaves) {
  /// As many micro-batches as stages, in one round.
  public static final Pipelining DEFAULT = new Pipelining(-1, -1);

  /// All forward turns before the first backward turn.
  public Pipelining(int microbatches, int layersPerStage) {
    this(microbatches, layersPerStage, false);
  }

  public Pipelining {
    if (microbatches != -1 && microbatches < 1) {
      throw new ShardingException(
          "num_pipeline_microbatches is at least 1, or -1 for as many as stages, got "
              + microbatches);
    }
    if (layersPerStage != -1 && layersPerStage < 1) {
      throw new ShardingException(
          "num_layers_per_pipeline_stage is at least 1, or -1 for all that a stage has, got "
              + layersPerStage);
    }
  }

  /// The number of micro-batches on a mesh.
  public int microbatches(Mesh mesh) {
    return microbatches == -1 ? mesh.size(MeshAxis.STAGE) : microbatches;
  }

  /// The rounds in which micro-batches go through `layers` layers; one if groups do not divide
  /// them.
  public int repeats(Mesh mesh, long layers) {
    long round = (long) mesh.size(MeshAxis.STAGE) * layersPerStage;
    return layersPerStage == -1 || layers % round != 0 ? 1 : Math.toIntExact(layers / round);
  }

  /// How the pipelines cut the dim along which `layers` layers are stacked.
  public DimSharding layers(Mesh mesh, long layers) {
    int repeats = repeats(mesh, layers);
    List<String> stage = List.of(MeshAxis.STAGE);
    return repeats == 1
        ? DimSharding.of(layers, stage)
        : new DimSharding(List.of(new Part(repeats, List.of()), new Part(layers / repeats, stage)));
  }
}
