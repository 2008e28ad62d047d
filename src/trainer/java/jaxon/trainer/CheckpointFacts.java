package jaxon.trainer;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.Checkpoint;
import jaxon.config.ConfigWriter;
import jaxon.config.Configuration;
import jaxon.input.IteratorState;
import jaxon.sharding.Mesh;

/// What a checkpoint says of the run it is from.
final class CheckpointFacts {
  private CheckpointFacts() {}

  static Checkpoint.Facts of(
      Configuration config,
      RunMesh mesh,
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
        ConfigWriter.values(config),
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
