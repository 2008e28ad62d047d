package jaxon.trainer;

import java.time.Duration;
import java.util.List;
import jaxon.collective.memory.LocalWorld;
import jaxon.config.Configuration;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.mesh.LocalDevices;
import jaxon.runtime.mesh.MeshBackend;
import jaxon.sharding.DefaultRules;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.PartitionSpec;

/// The devices of a run, and how its tensors are cut over them.
///
/// @param rules from the logical axes that layers speak to the axes of the mesh
record RunMesh(Mesh mesh, LogicalAxisRules rules) {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  /// The mesh that a configuration asks for.
  static RunMesh of(Configuration config) {
    return new RunMesh(Mesh.of(MeshAxis.DATA, 1), DefaultRules.rules());
  }

  /// Opens the devices: a backend as it is, or several of this process as one.
  Backend open(Configuration config) {
    String hardware = config.run().hardware();
    Backend backend;
    if (mesh.devices() == 1) {
      backend = Backends.open(hardware);
    } else {
      LocalWorld world = new LocalWorld(mesh.devices(), DEADLINE);
      backend =
          MeshBackend.open(
              hardware, LocalDevices.all(mesh), rules, world::communicator, world::close);
    }
    if (config.run().numThreads() > 0) {
      backend.setThreads(config.run().numThreads());
    }
    return backend;
  }

  /// How a tensor is cut.
  PartitionSpec spec(LogicalAxes axes, TensorType type) {
    return rules.assign(axes, type.shape(), mesh).spec();
  }

  /// How whole tensors are "cut".
  static List<PartitionSpec> whole(List<TensorType> types) {
    return types.stream().map(type -> PartitionSpec.replicated(type.shape().rank())).toList();
  }
}
