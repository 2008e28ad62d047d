package jaxon.trainer;

import java.time.Duration;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.config.MeshConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.runtime.mesh.MeshBackend;
import jaxon.sharding.AxisSizes;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.RuleText;
import jaxon.sharding.ShardingException;

/// The devices of a run, and how its tensors are cut over them.
///
/// @param rules from the logical axes that layers speak to the axes of the mesh
/// @param localDevices how many of the devices are in this process
record RunMesh(Mesh mesh, LogicalAxisRules rules, int localDevices) {
  /// A mesh with all its devices in this process.
  RunMesh(Mesh mesh, LogicalAxisRules rules) {
    this(mesh, rules, mesh.devices());
  }

  /// The mesh that a configuration asks for.
  ///
  /// @throws TrainingException if its sizes do not fit each other, the devices or the layers
  static RunMesh of(Configuration config) {
    MeshConfig keys = config.mesh();
    try {
      Mesh mesh = new AxisSizes(keys.ici(), keys.dcn()).mesh(axes(keys), config.devices());
      RunPipelining.of(config, mesh);
      return new RunMesh(mesh, RuleText.parse(keys.logicalAxisRules()), keys.numVirtualDevices());
    } catch (ShardingException e) {
      throw TrainingException.usage(
          "%s. num_virtual_devices=%d says how many devices this process has"
              .formatted(e.getMessage(), keys.numVirtualDevices()));
    }
  }

  private static List<String> axes(MeshConfig keys) {
    return keys.meshAxes().equals(List.of("default")) ? MeshAxis.ALL : keys.meshAxes();
  }

  /// Opens the devices: a backend as it is, or several of this process as one.
  Backend open(Configuration config) {
    Duration deadline = Duration.ofSeconds(config.cluster().collectiveTimeoutSeconds());
    return mesh.devices() == 1
        ? withThreads(Backends.open(config.run().hardware()), config)
        : open(config, DeviceLinks.inProcess(mesh, deadline));
  }

  /// Opens the devices of this process, which reach the others by `links`.
  Backend open(Configuration config, DeviceLinks links) {
    Pipelining pipelining = RunPipelining.of(config, mesh);
    return withThreads(MeshBackend.open(config.run().hardware(), links, rules, pipelining), config);
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
}
