package jaxon.sharding;

/// How loops over layers that are cut along [MeshAxis#STAGE] run as pipelines.
///
/// @param microbatches pieces that the batch of a device is cut into; −1: as many as stages
public record Pipelining(int microbatches) {
  /// As many micro-batches as stages.
  public static final Pipelining DEFAULT = new Pipelining(-1);

  public Pipelining {
    if (microbatches != -1 && microbatches < 1) {
      throw new ShardingException(
          "num_pipeline_microbatches is at least 1, or -1 for as many as stages, got "
              + microbatches);
    }
  }

  /// The number of micro-batches on a mesh.
  public int microbatches(Mesh mesh) {
    return microbatches == -1 ? mesh.size(MeshAxis.STAGE) : microbatches;
  }
}
