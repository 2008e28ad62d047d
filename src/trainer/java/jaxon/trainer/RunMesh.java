package jaxon.trainer;

import java.time.Duration;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.mesh.DeviceLinks;
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
    return mesh.devices() == 1
        ? withThreads(Backends.open(config.run().hardware()), config)
        : open(config, DeviceLinks.inProcess(mesh, DEADLINE));
  }

  /// Opens the devices of this process, which reach the others by `links`.
  Backend open(Configuration config, DeviceLinks links) {
    return withThreads(MeshBackend.open(config.run().hardware(), links, rules), config);
  }

  private static Backend withThreads(Backend backend, Configuration config) {
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
