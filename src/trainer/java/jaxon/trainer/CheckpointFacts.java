package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.config.ConfigWriter;
import jaxon.config.Configuration;
import jaxon.input.IteratorState;
import jaxon.sharding.Mesh;

/// What a checkpoint says of the run it is from.
final class CheckpointFacts {
  private CheckpointFacts() {}

  /// @param origin the Hugging Face repository that the parameters come from, if it is known
  static Checkpoint.Facts of(
      Configuration config,
      RunMesh mesh,
      Optional<RepositoryOrigin> origin,
      IteratorState input,
      SequencedMap<String, Double> metrics) {
    SequencedMap<String, Long> seeds = new LinkedHashMap<>();
    seeds.put("init_weights_seed", (long) config.run().initWeightsSeed());
    seeds.put("data_shuffle_seed", (long) config.data().dataShuffleSeed());
    return new Checkpoint.Facts(
        JaxonVersion.get(),
        System.currentTimeMillis(),
        axes(mesh.mesh()),
        seeds,
        RepositoryOrigin.with(ConfigWriter.values(config), origin),
        new LinkedHashMap<>(input.toMap()),
        metrics);
  }

  private static SequencedMap<String, Long> axes(Mesh mesh) {
    SequencedMap<String, Long> axes = new LinkedHashMap<>();
    for (int i = 0; i < mesh.axes().size(); i++) {
      if (mesh.sizes().get(i) > 1) {
        axes.put(mesh.axes().get(i), (long) mesh.sizes().get(i));
      }
    }
    return axes;
  }
}
